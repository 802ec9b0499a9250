import type { Fault } from '../event/fault.ts';

/** A change on its way to the hub. */
export interface Parcel {
  readonly update: Uint8Array;
  /** Step of undo it belongs to. */
  readonly group: string;
  /** As last sent; 0 before. */
  number: number;
  refused: boolean;
}

/** Changes kept one by one, so that each stays its own step of undo; beyond, all are sent as what the hub lacks. */
const MOST = 2000;

/** What a window has done and the hub has not yet confirmed: kept until it has, whatever breaks between. */
export class Outbox {
  #parcels: Parcel[] = [];
  #sent = 0;
  /** Whether only a comparison of both sides still tells what is missing; then the number it was sent under, 0 before. */
  #whole: number | undefined;

  get isEmpty(): boolean {
    return this.#parcels.length === 0 && this.#whole === undefined;
  }

  /** Keeps a change and answers it, for sending now or later. */
  add(update: Uint8Array, group: string): Parcel {
    const parcel = { update, group, number: 0, refused: false };
    this.#parcels.push(parcel);
    return parcel;
  }

  /** Numbers a parcel that is sent now. */
  send(parcel: Parcel): Parcel {
    this.#sent += 1;
    parcel.number = this.#sent;
    parcel.refused = false;
    return parcel;
  }

  /** Everything to send after both sides met again: the parcels in order, or the number for all that the hub lacks. */
  again(): { readonly parcels: readonly Parcel[] } | { readonly whole: number } {
    if (this.#parcels.length > MOST) this.#whole = 0;
    if (this.#whole === undefined) return { parcels: this.#parcels.map((parcel) => this.send(parcel)) };
    this.#sent += 1;
    this.#whole = this.#sent;
    this.#parcels = [];
    return { whole: this.#sent };
  }

  /** The hub has stored everything up to this number, but for what it refused. */
  confirm(through: number): void {
    this.#parcels = this.#parcels.filter(
      ({ number, refused }) => number === 0 || number > through || refused,
    );
    if (this.#whole !== undefined && this.#whole > 0 && this.#whole <= through) this.#whole = undefined;
  }

  /**
   * The hub refused a change. When it lacks what came before, parcels alone no longer help: answers true when comparing both
   * sides, at once, may.
   */
  refuse(number: number, { data }: Fault): boolean {
    for (const parcel of this.#parcels) if (parcel.number === number) parcel.refused = true;
    const lacking = data.why === 'missing' && this.#whole === undefined;
    if (lacking || number === this.#whole) this.#whole = 0;
    return lacking;
  }
}
