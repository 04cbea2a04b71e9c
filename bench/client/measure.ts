import { inChromium } from './chromium.ts';
import { inNode } from './node.ts';
import type { ClientCosts } from './table.ts';

/** Both engines, one after the other. */
export async function measureClient(quick: boolean): Promise<ClientCosts> {
  const node = await inNode(quick);
  const chromium = await inChromium(quick);
  return { Node: node, ...(chromium ? { Chromium: chromium } : {}) };
}
