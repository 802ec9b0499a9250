import { GitCompare, GitFork, Pause, Play, SkipBack, SkipForward, StepBack, StepForward } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useClient, useFormats, useRun, useText, useTravel } from '../../client/index.ts';
import { Button, cx, IconButton, Segmented, useHandBack } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { BranchDialog } from './branch-dialog.tsx';
import { eventWords } from './event-words.ts';
import { LaneView } from './lane-view.tsx';

/** Events played a second, slow and fast. */
const SPEEDS = { slow: 4, fast: 32 } as const;
type Speed = keyof typeof SPEEDS;

/** The way through a run's past: a line a branch, a slider over its events, steps, play, and the way back to now. */
export function Scrubber() {
  const run = useTravel((travel) => travel.run);
  return run === null ? null : <Opened key={run} run={run} />;
}

function Opened({ run }: { readonly run: string }) {
  const text = useText();
  const { travel } = useClient();
  const fault = useTravel((state) => state.fault);
  const [branching, branch] = useState(false);
  useEscape(() => travel.leave(), branching);
  const place = useRef<HTMLElement>(null);
  useHandBack(place, '.board');
  // The slider is a field: what is typed into it reaches no command of the window.
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ',': -1, '.': 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    travel.seek(travel.getState().at + step);
  };
  return (
    <section
      ref={place}
      aria-label={text('app.travel.label')}
      onKeyDown={onKeyDown}
      className="flex flex-none flex-col gap-1.5 border-t border-line bg-app px-4 pt-2 pb-2.5"
    >
      {fault === null ? (
        <>
          <Controls run={run} onBranch={() => branch(true)} />
          <Slider run={run} />
        </>
      ) : (
        <FaultCard
          fault={fault}
          actions={
            <Button small onClick={() => travel.leave()}>
              {text('app.travel.now')}
            </Button>
          }
        />
      )}
      {branching && <BranchDialog run={run} onClose={() => branch(false)} />}
    </section>
  );
}

/** Escape ends the look back, and does not reach the run. */
function useEscape(leave: () => void, covered: boolean): void {
  const { view } = useClient();
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape' || covered || view.getState().overlay !== null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      leave();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [leave, covered, view]);
}

function Controls({ run, onBranch }: { readonly run: string; readonly onBranch: () => void }) {
  const text = useText();
  const formats = useFormats();
  const { travel, view, translator } = useClient();
  const { at, count, event, state } = useTravel((all) => all);
  const [speed, setSpeed] = useState<Speed>('slow');
  const [playing, play] = usePlay(speed);
  const parent = useRun(run, ({ fork }) => ({ run: fork?.run ?? null }))?.run ?? null;
  const words = event === null ? text('app.travel.reading') : eventWords(event, state, text);
  const clock = new Intl.DateTimeFormat(translator.language, { timeStyle: 'medium', hourCycle: 'h23' });
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <Transport playing={playing} onPlay={play} />
      <p className="flex min-w-48 flex-1 flex-col tabular-nums">
        <span className="flex min-w-0 items-baseline gap-2.5">
          <span className="cut font-semibold">{text('app.travel.place', { at, count })}</span>
          {event !== null && (
            <bdi className="flex-none text-small text-ink-3" title={formats.exact(event.time)}>
              {clock.format(new Date(event.time))}
            </bdi>
          )}
        </span>
        <span className="cut text-small text-ink-2" title={words}>
          {words}
        </span>
      </p>
      <Segmented
        label={text('app.travel.speed')}
        value={speed}
        onValueChange={setSpeed}
        items={(['slow', 'fast'] as const).map((id) => ({ id, label: text(`app.travel.speeds.${id}`) }))}
      />
      {parent !== null && (
        <Button small icon={GitCompare} onClick={() => view.compare(run, parent)}>
          {text('app.travel.compare')}
        </Button>
      )}
      <Button small icon={GitFork} disabled={event === null} onClick={onBranch}>
        {text('app.travel.branch')}
      </Button>
      <Button small keys={['Esc']} onClick={() => travel.leave()}>
        {text('app.travel.now')}
      </Button>
    </div>
  );
}

interface TransportProps {
  readonly playing: boolean;
  readonly onPlay: (on: boolean) => void;
}

/** To the first event, back, on by itself, forward, to the last. */
function Transport({ playing, onPlay }: TransportProps) {
  const text = useText();
  const { travel } = useClient();
  const { at, count } = useTravel((all) => all);
  const [first, last] = [at <= 1, at >= count];
  return (
    <span className="flex flex-none items-center gap-0.5">
      <IconButton
        icon={SkipBack}
        label={text('app.travel.first')}
        disabled={first}
        onClick={() => travel.seek(1)}
      />
      <IconButton
        icon={StepBack}
        label={text('app.travel.back')}
        keys={[',']}
        disabled={first}
        onClick={() => travel.seek(at - 1)}
      />
      <IconButton
        icon={playing ? Pause : Play}
        label={text(playing ? 'app.travel.hold' : 'app.travel.play')}
        disabled={count === 0}
        onClick={() => onPlay(!playing)}
      />
      <IconButton
        icon={StepForward}
        label={text('app.travel.forward')}
        keys={['.']}
        disabled={last}
        onClick={() => travel.seek(at + 1)}
      />
      <IconButton
        icon={SkipForward}
        label={text('app.travel.last')}
        disabled={last}
        onClick={() => travel.seek(count)}
      />
    </span>
  );
}

/** Plays on to the newest event, and stops there. */
function usePlay(speed: Speed): readonly [boolean, (on: boolean) => void] {
  const { travel } = useClient();
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      const { at, count } = travel.getState();
      if (at >= count) setPlaying(false);
      else travel.seek(at + 1);
    }, 1000 / SPEEDS[speed]);
    return () => clearInterval(timer);
  }, [playing, speed, travel]);
  const play = (on: boolean) => {
    const { at, count } = travel.getState();
    // From its end a run is played from the beginning.
    if (on && at >= count) travel.seek(1);
    setPlaying(on);
  };
  return [playing, play];
}

function Slider({ run }: { readonly run: string }) {
  const text = useText();
  const { travel } = useClient();
  const { at, count, event, state } = useTravel((all) => all);
  const words = event === null ? text('app.travel.reading') : eventWords(event, state, text);
  return (
    <LaneView run={run}>
      <input
        type="range"
        min={1}
        max={Math.max(1, count)}
        step={1}
        value={Math.max(1, at)}
        disabled={count === 0}
        aria-label={text('app.travel.slider')}
        aria-valuetext={text('app.travel.value', { at, count, words })}
        onChange={({ currentTarget }) => travel.seek(currentTarget.valueAsNumber)}
        className={SLIDER}
      />
    </LaneView>
  );
}

/** Its track is the lane under it, its thumb the playhead. */
const SLIDER = cx(
  // The ring is the playhead's: around the whole lane it would cross the words above.
  'm-0 h-6 w-full appearance-none rounded-full bg-transparent outline-none',
  '[&:focus-visible::-webkit-slider-thumb]:outline-2 [&:focus-visible::-webkit-slider-thumb]:outline-offset-2',
  '[&:focus-visible::-webkit-slider-thumb]:outline-accent [&:focus-visible::-moz-range-thumb]:outline-2',
  '[&:focus-visible::-moz-range-thumb]:outline-offset-2 [&:focus-visible::-moz-range-thumb]:outline-accent',
  '[&::-webkit-slider-thumb]:size-4.5 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full',
  '[&::-webkit-slider-thumb]:border-[2.5px] [&::-webkit-slider-thumb]:border-accent [&::-webkit-slider-thumb]:bg-card',
  '[&::-moz-range-thumb]:size-3.5 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-[2.5px]',
  '[&::-moz-range-thumb]:border-accent [&::-moz-range-thumb]:bg-card',
);
