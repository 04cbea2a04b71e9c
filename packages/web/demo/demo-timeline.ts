import type { Timeline, TimelineItem, TimelineState } from '@sotto/client';
import { DemoStore } from './demo-store.ts';

const PAGE = 60;
const LATENCY = 250;

/** Shows the newest page at first and the ones before on demand, as the engine does. */
export class DemoTimeline extends DemoStore<TimelineState> implements Timeline {
  private all: TimelineItem[];
  private shown: number;

  constructor(all: TimelineItem[], readAtOpen: number) {
    const shown = Math.min(PAGE, all.length);
    super({ items: all.slice(-shown), hasOlder: all.length > shown, loadingOlder: false, readAtOpen });
    this.all = all;
    this.shown = shown;
  }

  async loadOlder(): Promise<void> {
    if (this.state.loadingOlder || !this.state.hasOlder) return;
    this.update({ loadingOlder: true });
    await new Promise((resolve) => setTimeout(resolve, LATENCY));
    this.shown = Math.min(this.all.length, this.shown + PAGE);
    this.publish();
  }

  get everything(): readonly TimelineItem[] {
    return this.all;
  }

  append(item: TimelineItem): void {
    this.all = [...this.all, item];
    this.shown += 1;
    this.publish();
  }

  replace(key: string, change: (item: TimelineItem) => TimelineItem | null): void {
    this.all = this.all.flatMap((item) => {
      if (item.key !== key) return [item];
      const next = change(item);
      return next ? [next] : [];
    });
    this.publish();
  }

  private publish(): void {
    this.update({
      items: this.all.slice(-this.shown),
      hasOlder: this.all.length > this.shown,
      loadingOlder: false,
    });
  }
}
