/** React's `createElement` by the name JSX compiles to elsewhere: Node strips types from the sources, and no more. */
export { createElement as h } from 'react';
