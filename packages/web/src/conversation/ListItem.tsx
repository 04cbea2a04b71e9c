import type { CustomItemComponentProps } from 'virtua';

/** The list item around every row; says its place to screen readers, since only a part is rendered. */
export function ListItem({ index, children, style, ref }: CustomItemComponentProps) {
  return (
    <li ref={ref} style={style} aria-posinset={index + 1} aria-setsize={-1}>
      {children}
    </li>
  );
}
