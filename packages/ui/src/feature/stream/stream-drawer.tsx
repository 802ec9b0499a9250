import type { RunState } from '@soma/schemas/run';
import { ListFilter, Maximize2, Minimize2, SquareTerminal, X } from 'lucide-react';
import { useState } from 'react';
import { useContent, useRun, useText, useView, useViewStore } from '../../client/index.ts';
import { Button, EmptyState, IconButton, Input, StateChip, type StateName } from '../../design/index.ts';
import { capsOf, isMac } from '../palette/keys.ts';
import { callLook } from '../run/look.ts';
import { useHeldList } from './held-list.ts';
import { StreamCall } from './stream-call.tsx';

const NONE: readonly string[] = [];

export interface StreamDrawerProps {
  /** Whether the drawer is as high as it may be. */
  readonly tall: boolean;
  readonly onTall: (tall: boolean) => void;
}

/** The calls of the run that is shown, newest first. They hold still while looked at closely. */
export function StreamDrawer({ tall, onTall }: StreamDrawerProps) {
  const run = useView((view) => view.run);
  const text = useText();
  const view = useViewStore();
  const [filter, setFilter] = useState('');
  return (
    <section aria-label={text('app.stream.title')} className="flex h-full min-h-0 flex-col bg-app">
      <header className="flex h-[33px] min-w-0 flex-none items-center gap-2 ps-3 pe-2">
        <h2 className="text-small font-semibold">{text('app.stream.title')}</h2>
        {run !== null && <StreamFacts run={run} />}
        <span className="ms-auto flex flex-none items-center gap-1">
          <Input
            small
            icon={ListFilter}
            value={filter}
            placeholder={text('app.stream.filter')}
            aria-label={text('app.stream.filter')}
            onChange={(event) => setFilter(event.target.value)}
            className="w-[150px] border-line-2!"
          />
          <IconButton
            small
            icon={tall ? Minimize2 : Maximize2}
            label={text(tall ? 'app.stream.lower' : 'app.stream.higher')}
            onClick={() => onTall(!tall)}
          />
          <IconButton
            small
            icon={X}
            label={text('app.stream.close')}
            keys={capsOf('Mod+J', isMac(navigator))}
            onClick={() => view.togglePanel('drawer', false)}
          />
        </span>
      </header>
      {run === null ? <NoStream /> : <StreamRows run={run} filter={filter} />}
    </section>
  );
}

function callsOf(state: RunState, look: StateName): number {
  return Object.values(state.calls).filter((call) => callLook(call, state.status.name) === look).length;
}

function StreamFacts({ run }: { readonly run: string }) {
  const text = useText();
  const facts = useRun(run, (state) => ({
    goal: state.goal,
    running: callsOf(state, 'running'),
    waiting: callsOf(state, 'waiting'),
  }));
  const goal = useContent(facts?.goal ?? null).value ?? '';
  if (facts === null) return null;
  return (
    <>
      {facts.running > 0 && (
        <StateChip state="running">{text('app.stream.running', { running: facts.running })}</StateChip>
      )}
      {facts.waiting > 0 && (
        <StateChip state="waiting">{text('app.stream.waiting', { waiting: facts.waiting })}</StateChip>
      )}
      <span className="cut text-meta text-ink-3">{goal}</span>
    </>
  );
}

function NoStream() {
  const text = useText();
  return (
    <EmptyState icon={SquareTerminal} title={text('app.stream.none')} className="border-t border-line">
      {text('app.stream.noneWhy')}
    </EmptyState>
  );
}

function StreamRows({ run, filter }: { readonly run: string; readonly filter: string }) {
  const text = useText();
  const ids = useRun(run, (state) => Object.keys(state.calls)) ?? NONE;
  const { shown, newer, hold, goOn } = useHeldList(ids, run);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: looking closely is what holds the rows; nothing is pressed here.
    <div
      className="relative min-h-0 flex-1"
      onPointerEnter={() => hold('hover', true)}
      onPointerMove={() => hold('hover', true)}
      onPointerLeave={() => hold('hover', false)}
      onFocus={() => hold('focus', true)}
      onBlur={(event) => hold('focus', event.currentTarget.contains(event.relatedTarget))}
    >
      {newer > 0 && (
        <Button small className="absolute inset-x-0 top-1.5 z-1 mx-auto w-fit shadow-2" onClick={goOn}>
          {text('app.stream.newer', { newer })}
        </Button>
      )}
      <div
        data-stream-rows
        className="h-full overflow-y-auto"
        onScroll={(event) => hold('scroll', event.currentTarget.scrollTop > 0)}
      >
        {shown.map((call) => (
          <StreamCall key={call} run={run} call={call} filter={filter} />
        ))}
      </div>
    </div>
  );
}
