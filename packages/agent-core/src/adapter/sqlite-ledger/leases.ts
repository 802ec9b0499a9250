import { FaultError, type Scope } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { durably } from '../../failpoint/index.ts';
import type { Clock, Fence, Lease, LeaseRequest } from '../../port/index.ts';
import { withFaults } from '../data-folder/index.ts';
import { place, sha256 } from './row.ts';

export interface LeaseRow {
  readonly tenant: string;
  readonly workspace: string;
  readonly stream: string;
  readonly token: number;
  readonly holder: string | null;
  readonly expires_at: string;
  readonly checksum: Buffer;
}

type Key = [tenant: string, workspace: string, stream: string];

/** Who may write to which stream, in the same database as the streams themselves. */
export class Leases {
  readonly #clock: Clock;
  readonly #find: Database.Statement<Key, LeaseRow>;
  readonly #newest: Database.Statement<Key, number>;
  readonly #put: Database.Statement<[...Key, number, string | null, string, Buffer]>;
  readonly #exclusively: <T>(work: () => T) => T;

  constructor(db: Database.Database, clock: Clock) {
    this.#clock = clock;
    this.#find = db.prepare('SELECT * FROM leases WHERE tenant = ? AND workspace = ? AND stream = ?');
    this.#newest = db
      .prepare<Key, number>(
        'SELECT token FROM leases WHERE tenant = ? AND workspace = ? AND stream = ? AND holder IS NOT NULL',
      )
      .pluck();
    this.#put = db.prepare(
      `INSERT INTO leases (tenant, workspace, stream, token, holder, expires_at, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET token = excluded.token, holder = excluded.holder,
         expires_at = excluded.expires_at, checksum = excluded.checksum`,
    );
    this.#exclusively = (work) => withFaults({ database: 'ledger' }, () => db.transaction(work).immediate());
  }

  /** Whether the fence is the stream's newest lease and has not been given back. Called within the commit's transaction. */
  stands(scope: Scope, fence: Fence): boolean {
    return this.#newest.get(...place(scope), fence.stream) === fence.token;
  }

  grant(request: LeaseRequest): Lease | null {
    const key: Key = [...place(request.scope), request.stream];
    return durably('ledger.lease', () =>
      this.#exclusively(() => {
        const before = this.#read(key);
        const held = before !== undefined && before.holder !== null && before.expires_at > this.#clock.now();
        if (held && before.holder !== request.holder && request.seize !== true) return null;
        const token = (before?.token ?? 0) + 1;
        return this.#lease(key, request, token);
      }),
    );
  }

  #lease(key: Key, request: LeaseRequest, token: number): Lease {
    let expiresAt = this.#write(key, { token, holder: request.holder, ttlMs: request.ttlMs });
    const mine = () => {
      const row = this.#read(key);
      return row !== undefined && row.token === token && row.holder === request.holder;
    };
    return {
      fence: { stream: request.stream, token },
      get expiresAt() {
        return expiresAt;
      },
      renew: async () =>
        durably('ledger.renew', () =>
          this.#exclusively(() => {
            if (!mine()) return false;
            expiresAt = this.#write(key, { token, holder: request.holder, ttlMs: request.ttlMs });
            return true;
          }),
        ),
      release: async () =>
        durably('ledger.release', () =>
          this.#exclusively(() => {
            if (mine()) this.#write(key, { token, holder: null, ttlMs: 0 });
          }),
        ),
    };
  }

  #write(key: Key, lease: { token: number; holder: string | null; ttlMs: number }): string {
    const { token, holder, ttlMs } = lease;
    const expiresAt = new Date(Date.parse(this.#clock.now()) + ttlMs).toISOString();
    const [tenant, workspace, stream] = key;
    const checksum = seal({ tenant, workspace, stream, token, holder, expires_at: expiresAt });
    this.#put.run(...key, token, holder, expiresAt, checksum);
    return expiresAt;
  }

  #read(key: Key): LeaseRow | undefined {
    const row = this.#find.get(...key);
    if (row !== undefined && !leaseIsWhole(row)) {
      throw new FaultError('DATABASE_DAMAGED', { database: 'ledger', stream: row.stream, reason: 'lease' });
    }
    return row;
  }
}

/** Whether the row says what was written. */
export function leaseIsWhole(row: LeaseRow): boolean {
  return seal(row).equals(row.checksum);
}

function seal(row: Omit<LeaseRow, 'checksum'>): Buffer {
  const { tenant, workspace, stream, token, holder, expires_at } = row;
  return sha256(JSON.stringify([tenant, workspace, stream, token, holder, expires_at]));
}
