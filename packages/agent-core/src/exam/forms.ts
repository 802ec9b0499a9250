import type { Turn } from '@soma/schemas/turn';
import { COLOURS, DAYS, MONTHS, PEOPLE, PLACES, THINGS } from './names.table.ts';
import { type Fields, messagesOf, type Question } from './question.ts';
import type { Random } from './random.ts';

type Shape = NonNullable<Turn['shape']>['schema'];
interface Form {
  readonly text: string;
  readonly properties: Readonly<Record<string, Shape>>;
  readonly fields: Fields;
}

const INSTRUCTION = 'Fill in the form from the text. Answer with JSON only.';
const text = { type: 'string' };
const number = { type: 'integer' };
const yesOrNo = { type: 'boolean' };

const FORMS: readonly ((random: Random) => Form)[] = [
  (random) => {
    const [customer, colour, item] = [random.one(PEOPLE), random.one(COLOURS), random.one(THINGS)];
    const [quantity, gift] = [random.between(2, 19), random.between(0, 1) === 1];
    return {
      text: `${customer} ordered ${quantity} ${colour} ${item}s. ${gift ? 'It is a gift.' : 'It is not a gift.'}`,
      properties: {
        ...{ customer: text, quantity: number, item: { type: 'string', enum: [item, 'chair', 'bottle'] } },
        ...{ colour: { type: 'string', enum: [...COLOURS] }, gift: yesOrNo },
      },
      fields: { customer, quantity, item, colour, gift },
    };
  },
  (random) => {
    const [guest, city, day] = [random.one(PEOPLE), random.one(PLACES), random.one(DAYS)];
    const [nights, breakfast] = [random.between(2, 14), random.between(0, 1) === 1];
    return {
      text: `${guest} stays in ${city} for ${nights} nights from ${day}, ${breakfast ? 'with' : 'without'} breakfast.`,
      properties: {
        ...{ guest: text, city: text, day: { type: 'string', enum: [...DAYS] } },
        ...{ nights: number, breakfast: yesOrNo },
      },
      fields: { guest, city, day, nights, breakfast },
    };
  },
  (random) => {
    const [sender, from, month] = [random.one(PEOPLE), random.one(PLACES), random.one(MONTHS)];
    const [grams, fragile] = [random.between(120, 980), random.between(0, 1) === 1];
    return {
      text: `In ${month} ${sender} sent a parcel of ${grams} grams from ${from}. ${fragile ? 'It is fragile.' : 'It is not fragile.'}`,
      properties: {
        ...{ sender: text, from: text, month: { type: 'string', enum: [...MONTHS] } },
        ...{ grams: number, fragile: yesOrNo },
      },
      fields: { sender, from, month, grams, fragile },
    };
  },
];

/** A form to fill in from a text, one of each kind. */
export function formQuestions(random: Random): readonly Question[] {
  return random.some(FORMS, FORMS.length).map((form) => {
    const { text: asked, properties, fields } = form(random);
    const schema = {
      ...{ type: 'object', properties: { ...properties }, required: Object.keys(properties) },
      additionalProperties: false,
    };
    const names = Object.keys(properties).join(', ');
    return {
      part: 'schema',
      ask: {
        messages: messagesOf(INSTRUCTION, `The fields are: ${names}.\n\n${asked}`),
        tools: [],
        shape: { name: 'form', schema },
      },
      key: { part: 'schema', fields },
      asked,
      expected: JSON.stringify(fields),
    };
  });
}
