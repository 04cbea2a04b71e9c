import { type Cost, effort } from './cost.ts';
import { benchEpochs } from './epochs.ts';
import { benchFiles } from './files.ts';
import { benchMessages } from './messages.ts';

/** The client's costs in Node. */
export async function inNode(quick: boolean): Promise<Cost[]> {
  const how = effort(quick);
  return [...(await benchMessages(how)), ...(await benchEpochs(how)), ...(await benchFiles(how))];
}
