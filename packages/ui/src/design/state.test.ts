import { describe, expect, it } from 'vitest';
import { STATES } from './state.ts';

const states = Object.entries(STATES);

describe('states', () => {
  it('each have a shape of their own, so that they differ without colour', () => {
    expect(new Set(states.map(([, look]) => look.icon)).size).toBe(states.length);
  });

  it('give the raised hand and its amber to needs you alone', () => {
    expect(states.filter(([, look]) => look.tone === 'waiting').map(([name]) => name)).toEqual(['waiting']);
  });

  it('give green to verified alone', () => {
    expect(states.filter(([, look]) => look.tone === 'verified').map(([name]) => name)).toEqual(['verified']);
  });

  it('lend grey to paused, stuck, denied and done', () => {
    const { paused, stuck, denied, done } = STATES;
    expect([paused, stuck, denied, done].map((look) => look.tone)).toEqual(Array(4).fill('stopped'));
  });
});
