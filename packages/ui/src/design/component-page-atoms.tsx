import { ArrowUp, Bot, FilePenLine, PanelRight, Pause, ScrollText, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from './button.tsx';
import { Surface } from './card.tsx';
import { Checkbox, Radios, Switch } from './choice.tsx';
import samples from './component-page-samples.json';
import { CostMeter } from './fact.tsx';
import { Field, Input } from './field.tsx';
import { Keys } from './key.tsx';
import { Avatar, hueOf } from './person.tsx';
import { STATES, type StateName } from './state.ts';
import { StateChip, StateIcon } from './state-mark.tsx';
import { Segmented } from './tabs.tsx';

/** A sample's state as the type knows it; a word that is no state stops the page. */
export function stateNamed(name: string): StateName {
  const known = Object.keys(STATES).find((each): each is StateName => each === name && name in STATES);
  if (known === undefined) throw new Error(`No state is named ${name}.`);
  return known;
}

export function StateSamples() {
  return (
    <Surface className="grid grid-cols-[20px_92px_1fr] items-center gap-x-2 gap-y-[7px] px-3 py-2.5">
      {samples.states.rows.map(({ state, word, meaning }) => (
        <div key={state} className="contents">
          <StateIcon state={stateNamed(state)} label={word} />
          <span className="flex">
            <StateChip state={stateNamed(state)}>{word}</StateChip>
          </span>
          <span className="cut text-meta text-ink-3">{meaning}</span>
        </div>
      ))}
    </Surface>
  );
}

const SHOWN_FOCUS = 'outline-2 outline-offset-2 outline-accent';

export function ActionSamples() {
  const words = samples.actions;
  return (
    <Surface className="flex flex-col gap-1.5 px-3 py-2.5">
      <div className="flex gap-1.5">
        <Button kind="primary" keys={['A']}>
          {words.approve}
        </Button>
        <Button keys={['R']}>{words.reject}</Button>
        <Button kind="quiet">{words.later}</Button>
      </div>
      <div className="flex gap-1.5">
        <Button kind="primary" className={SHOWN_FOCUS}>
          {words.focus}
        </Button>
        <Button reason={words.reason}>{words.off}</Button>
        <Button kind="danger" icon={Trash2}>
          {words.delete}
        </Button>
      </div>
      <div className="mt-0.5 flex items-center gap-1.5">
        <Button small>{words.small}</Button>
        <IconButton icon={Pause} label={words.pause} />
        <IconButton icon={PanelRight} label={words.inspector} pressed />
        <IconButton icon={ArrowUp} label={words.send} kind="primary" />
        <Keys keys={['Ctrl', 'K']} />
      </div>
    </Surface>
  );
}

export function FieldSamples() {
  const words = samples.fields;
  const [scope, setScope] = useState('once');
  const [limit, setLimit] = useState(words.limitValue);
  const [wrong, setWrong] = useState(words.wrong);
  const [on, setOn] = useState([true, false, true, false]);
  const turn = (place: number) => (value: boolean) =>
    setOn(on.map((each, at) => (at === place ? value : each)));
  const ids = ['once', 'run', 'folder'];
  return (
    <Surface className="flex flex-col gap-2 px-3 py-2.5">
      <Field label={words.limit}>
        {(binding) => <Input {...binding} value={limit} onChange={(event) => setLimit(event.target.value)} />}
      </Field>
      <Field label={<span className="sr-only">{words.limit}</span>} error={words.error}>
        {(binding) => <Input {...binding} value={wrong} onChange={(event) => setWrong(event.target.value)} />}
      </Field>
      <Segmented
        label={words.scope}
        className="self-start"
        items={words.scopes.map((label, place) => ({ id: ids[place] ?? label, label }))}
        value={scope}
        onValueChange={setScope}
      />
      <div className="flex items-center gap-3">
        <Switch label={words.on} checked={on[0] ?? false} onCheckedChange={turn(0)} />
        <Switch label={words.off} checked={on[1] ?? false} onCheckedChange={turn(1)} />
        <Checkbox label={words.on} checked={on[2] ?? false} onCheckedChange={turn(2)} />
        <Checkbox label={words.off} checked={on[3] ?? false} onCheckedChange={turn(3)} />
        <Radios
          inline
          label={words.scope}
          items={['once', 'run'].map((id) => ({ id, label: <span className="sr-only">{id}</span> }))}
          value={scope}
          onValueChange={setScope}
        />
      </div>
    </Surface>
  );
}

export function PeopleSamples() {
  const { names, initials, agents } = samples.people;
  const people = [0, 3, 1];
  const roles = [6, 2, 1];
  const icons = [Bot, FilePenLine, ScrollText];
  return (
    <Surface className="flex items-center gap-2 px-3 py-2.5">
      {names.map((name, place) => (
        <Avatar key={name} hue={hueOf(people[place] ?? 0)} name={name} initials={initials[place]} />
      ))}
      <i className="h-4 w-px bg-line-2" />
      {agents.map((name, place) => (
        <Avatar key={name} hue={hueOf(roles[place] ?? 0)} name={name} icon={icons[place]} />
      ))}
    </Surface>
  );
}

export function CostSample() {
  const words = samples.cost;
  return (
    <Surface className="px-3 py-2.5">
      <CostMeter
        spent={0.31}
        setAside={0.04}
        label={words.label}
        note={words.aside}
        words={
          <>
            <b>{words.spent}</b> <span className="text-ink-3">{words.of}</span>
          </>
        }
      />
    </Surface>
  );
}
