import { Component, type ReactNode } from 'react';
import { Button } from '../design/Button.tsx';
import { texts } from '../texts/index.ts';
import './insecure-page.css';

/** What is left when a component throws: nothing is lost, the engine has stored it; a reload goes on. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { cause: string | null }> {
  override state: { cause: string | null } = { cause: null };

  static getDerivedStateFromError(error: unknown): { cause: string } {
    return { cause: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.cause === null) return this.props.children;
    return (
      <main className="insecure">
        <h1>{texts.app.name}</h1>
        <p>{texts.errors.crashed}</p>
        <details>
          <summary>{texts.words.details}</summary>
          {this.state.cause}
        </details>
        <Button kind="primary" onClick={() => location.reload()}>
          {texts.errors.reload}
        </Button>
      </main>
    );
  }
}
