import { fault } from '@soma/schemas/event';
import { Component, type ReactNode } from 'react';
import { useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultCard } from './fault-card.tsx';

export interface IntactProps {
  readonly children: ReactNode;
}

interface State {
  readonly cause: string | null;
}

/** A part of the window that may break without taking the rest with it: then it says so in its own place and can be opened again. */
export class Intact extends Component<IntactProps, State> {
  override state: State = { cause: null };

  static getDerivedStateFromError(error: unknown): State {
    return { cause: error instanceof Error ? error.name : 'unknown' };
  }

  override render(): ReactNode {
    const { cause } = this.state;
    if (cause === null) return this.props.children;
    return <Broken cause={cause} onAgain={() => this.setState({ cause: null })} />;
  }
}

function Broken({ cause, onAgain }: { readonly cause: string; readonly onAgain: () => void }) {
  const text = useText();
  return (
    <div className="flex size-full items-start justify-center overflow-auto p-4">
      <FaultCard
        live
        fault={fault('INTERNAL', { cause })}
        actions={
          <Button small onClick={onAgain}>
            {text('app.shell.again')}
          </Button>
        }
      />
    </div>
  );
}
