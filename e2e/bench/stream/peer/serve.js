// What is measured of a component that shows Markdown, the same for each: `window.bench`. Times are in milliseconds.

import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';

const frame = () => new Promise(requestAnimationFrame);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A panel on the page, as wide as one beside the board. */
function panel(left) {
  const place = document.createElement('div');
  place.style.cssText = `position: absolute; inset-block: 0; left: ${left}px; width: 340px; padding: 10px; overflow-y: auto`;
  document.getElementById('root').append(place);
  return { place, root: createRoot(place) };
}

function gone({ place, root }) {
  root.unmount();
  place.remove();
}

/** @param {(text: string) => import('react').ReactNode} view */
export function serve(view) {
  /** So many pieces of `size` characters from `from` on, each drawn and laid out before the next; `drawn` of them changed the page at once. */
  async function tokens({ text, from, count, size }) {
    const shown = panel(0);
    flushSync(() => shown.root.render(view(text.slice(0, from))));
    await pause(300);
    await frame();
    const changes = new MutationObserver(() => undefined);
    changes.observe(shown.place, { subtree: true, childList: true, characterData: true });
    const times = [];
    let drawn = 0;
    for (let index = 1; index <= count; index += 1) {
      const next = text.slice(0, from + index * size);
      const began = performance.now();
      flushSync(() => shown.root.render(view(next)));
      const height = shown.place.scrollHeight;
      times.push(performance.now() - began);
      if (height === 0) throw new Error('nothing is on the page');
      if (changes.takeRecords().length > 0) drawn += 1;
      await pause(0);
    }
    changes.disconnect();
    gone(shown);
    await frame();
    return { times, drawn };
  }

  /** Panels side by side, each of which gets `perSecond` pieces a second, those of a frame at once, and stays at its end. */
  async function frames({ texts, from, size, perSecond, forMs }) {
    const panels = texts.map((_, index) => panel(index * 360));
    for (const [index, { root }] of panels.entries()) root.render(view(texts[index].slice(0, from)));
    await pause(1000);
    const at = [];
    const began = await frame();
    let last = began;
    while (last - began < forMs) {
      const length = from + Math.floor(((last - began) * perSecond) / 1000) * size;
      for (const [index, { root, place }] of panels.entries()) {
        flushSync(() => root.render(view(texts[index].slice(0, length))));
        place.scrollTop = place.scrollHeight;
      }
      const now = await frame();
      at.push(now - last);
      last = now;
    }
    for (const each of panels) gone(each);
    return at;
  }

  window.bench = { tokens, frames };
}
