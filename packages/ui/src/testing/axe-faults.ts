import axe from 'axe-core';
import { expect } from 'vitest';

/** What only a whole page has. */
const NOT_OF_A_PART = Object.fromEntries(
  ['region', 'page-has-heading-one', 'heading-order'].map((rule) => [rule, { enabled: false }]),
);
/** Nothing else differs between themes. */
const COLOURS: axe.RunOptions = { runOnly: ['color-contrast'] };

/** Everything that axe finds wrong with the page in a theme, once it has come to rest: each rule with the elements that break it. */
export async function axeFaults(theme: 'light' | 'dark' | 'contrast') {
  // What still appears is fainter than it will be; what turns for as long as something goes on is not.
  await expect
    .poll(
      () =>
        document
          .getAnimations()
          .filter(
            ({ playState, effect }) =>
              playState === 'running' && effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY,
          ).length,
    )
    .toBe(0);
  const found = await axe.run(document.body, theme === 'light' ? { rules: NOT_OF_A_PART } : COLOURS);
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
