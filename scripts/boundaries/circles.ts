/**
 * Groups of more than one node that all lead to each other: Tarjan's strongly connected components.
 * @param edges where each node leads
 */
export function circlesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return circles;

  function visit(node: string): void {
    const number = order.size;
    order.set(node, number);
    lowest.set(node, number);
    open.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(node, Math.min(low(node), low(next)));
    }
    if (low(node) !== number) return;
    const circle = open.splice(open.indexOf(node));
    if (circle.length > 1) circles.push(circle);
  }

  function low(node: string): number {
    return lowest.get(node) ?? Number.POSITIVE_INFINITY;
  }
}
