/**
 * A key with what is held beside it: `Mod+K`, `Mod+Shift+P`, `Shift+1`, `?`, `Escape`. `Mod` is Command on macOS and Control elsewhere. A letter or
 * digit is the key of that name whatever Shift makes of it; any other sign is the sign that is typed.
 */
export type Chord = string;

/** Whether the machine is a Mac, whose keys have other names. */
export function isMac(navigator: Pick<Navigator, 'userAgent'>): boolean {
  return /Macintosh|Mac OS/.test(navigator.userAgent);
}

const CAPS = { Mod: 'Ctrl', Shift: 'Shift', Alt: 'Alt', Escape: 'Esc', Delete: 'Del' } as const;
const MAC_CAPS = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Escape: 'Esc', Delete: '⌫' } as const;

function partsOf(chord: Chord): { readonly held: readonly string[]; readonly key: string } {
  const parts = chord.split(/\+(?=.)/);
  return { held: parts.slice(0, -1), key: parts.at(-1) ?? '' };
}

/** What stands on the caps of a chord, in the order of pressing. */
export function capsOf(chord: Chord, mac: boolean): readonly string[] {
  const caps: Readonly<Record<string, string>> = mac ? MAC_CAPS : CAPS;
  const { held, key } = partsOf(chord);
  return [...held, key].map((part) => caps[part] ?? part);
}

/** Whether a key press is this chord, no more and no less. */
export function isChord(event: KeyboardEvent, chord: Chord, mac: boolean): boolean {
  const { held, key } = partsOf(chord);
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (other || mod !== held.includes('Mod') || event.altKey !== held.includes('Alt')) return false;
  const shift = event.shiftKey === held.includes('Shift');
  if (/^[A-Z]$/.test(key)) {
    const typed = event.key.toUpperCase();
    return shift && (/^[A-Z]$/.test(typed) ? typed === key : event.code === `Key${key}`);
  }
  if (/^\d$/.test(key)) return shift && event.code === `Digit${key}`;
  // A sign such as `?` needs Shift on some keyboards and not on others.
  return event.key === key && (key.length === 1 || shift);
}

/** Whether what is typed goes into a text, so that plain letters are no commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, [role="textbox"]') !== null;
}
