import { fault } from '@soma/schemas/event';
import { Component, type ReactNode } from 'react';
import { useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultCard } from '../fault/index.ts';

export interface BoundaryProps {
  /** Another one begins anew. */
  readonly name: string;
  readonly children: ReactNode;
}

interface BoundaryState {
  /** What was thrown, in the words of the program; null while all is well. */
  readonly cause: string | null;
}

/** Holds a part of the window: when drawing it fails, the rest stands, and the part says so and can be drawn again. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { cause: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { cause: error instanceof Error ? error.message : '' };
  }

  override componentDidUpdate({ name }: BoundaryProps): void {
    if (name !== this.props.name && this.state.cause !== null) this.setState({ cause: null });
  }

  override render(): ReactNode {
    const { cause } = this.state;
    if (cause === null) return this.props.children;
    return <Failed cause={cause} onAgain={() => this.setState({ cause: null })} />;
  }
}

function Failed({ cause, onAgain }: { readonly cause: string; readonly onAgain: () => void }) {
  const text = useText();
  return (
    <div className="flex size-full items-center justify-center p-4">
      <div className="w-[452px] max-w-full overflow-hidden rounded-card border border-line-2 bg-raised shadow-2">
        <FaultCard
          fault={fault('INTERNAL', { correlation: 'none', cause: cause === '' ? 'none' : cause })}
          live
          actions={
            <Button small onClick={onAgain}>
              {text('app.shell.again')}
            </Button>
          }
        />
      </div>
    </div>
  );
}
