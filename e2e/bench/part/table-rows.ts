import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const CITIES = ['Oslo', 'Rome', 'Wien', 'Paris', 'Kraków'];
const DAY = 86_400_000;

/** A CSV file of eight columns: a running number, a day, names, cities, prices with a few far outside, counts, yes or no, and notes in quotes. */
export async function writeTable(path: string, rows: number, seed: number): Promise<void> {
  await pipeline(Readable.from(pieces(rows, seed)), createWriteStream(path));
}

function* pieces(rows: number, seed: number): Generator<string> {
  const chance = chances(seed);
  let piece = 'id,day,name,city,price,amount,paid,note\n';
  for (let row = 1; row <= rows; row += 1) {
    const day = new Date(1.6e12 + Math.floor(chance() * 1000) * DAY).toISOString().slice(0, 10);
    const price = (chance() < 1e-4 ? 5000 : chance() * 100).toFixed(2);
    const note = chance() < 0.1 ? '' : chance() < 0.2 ? '"said ""yes"", then left"' : 'plain words';
    const city = CITIES[Math.floor(chance() * CITIES.length)] ?? '';
    const name = `person ${Math.floor(chance() * 300_000)}`;
    piece += `${row},${day},${name},${city},${price},${Math.floor(chance() * 1000)},${chance() < 0.5},${note}\n`;
    if (piece.length < 1_000_000) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
