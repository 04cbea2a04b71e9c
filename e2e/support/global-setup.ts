import { buildWebIfStale } from '../../scripts/web-bundle.ts';

/** Once before all workers: the bundle that every test's server serves. */
export default function setup(): void {
  buildWebIfStale();
}
