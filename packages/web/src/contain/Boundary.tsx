import { Component, type ReactNode } from 'react';

/** What a component threw, and a way to try it once more. */
export interface Caught {
  readonly cause: string;
  readonly again: () => void;
}

interface Props {
  readonly children: ReactNode;
  /** What stands in the place of what cannot be shown. */
  readonly fallback: (caught: Caught) => ReactNode;
  /** What is shown, compared by reference: something else is tried anew. */
  readonly of?: unknown;
  /** Told once for each time it breaks; React reports the error itself to the page's list of failures. */
  readonly onBroken?: () => void;
}

interface State {
  readonly cause: string | null;
  readonly of: unknown;
}

/** Attack 41: what cannot be shown ends here, and not the page around it. */
export class Boundary extends Component<Props, State> {
  override state: State = { cause: null, of: this.props.of };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { cause: error instanceof Error ? error.message : String(error) };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.of === state.of ? null : { cause: null, of: props.of };
  }

  override componentDidCatch(): void {
    this.props.onBroken?.();
  }

  override render(): ReactNode {
    const { cause } = this.state;
    if (cause === null) return this.props.children;
    return this.props.fallback({ cause, again: () => this.setState({ cause: null }) });
  }
}
