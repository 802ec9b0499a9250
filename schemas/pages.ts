// The pages of docs/events: a page a topic, from the shapes, what their sources say of them, and one real event each.
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { z } from 'zod';
import { type EventType, registry, Topic, topics, versionOf } from './src/event/index.ts';

type Schema = z.core.JSONSchema.BaseSchema;

const OPENING =
  '**No mocks, no imitations, no bypasses, no invented values: real servers, real data, real figures.**';

const ABOUT: Readonly<Record<Topic, string>> = {
  'agent.runs.v1':
    'Runs from the goal to the end: what was asked, the plan, pauses, what was put on the board, how it ended.',
  'agent.steps.v1':
    'The work of runs: tasks, the eight states of their attempts, evidence, what is remembered.',
  'agent.tools.v1': 'Tool calls: what was decided about each before anything happened, and what came of it.',
  'agent.audit.v1':
    'Who allowed what: goals, decisions, approvals, permissions, folders and plans, and every time a person stepped in.',
};

/** What the sources say of an event, and of its fields, by `event` and `event/field`. */
function said(): ReadonlyMap<string, string> {
  const folder = new URL('./src/event/', import.meta.url);
  const found = new Map<string, string>();
  for (const name of readdirSync(folder).filter((one) => /(?<!\.test)\.ts$/.test(one))) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
    const visit = (node: ts.Node, event: string | null) => {
      const key = ts.isPropertyAssignment(node) && nameOf(node.name);
      const isEvent = typeof key === 'string' && Object.hasOwn(registry, key);
      const path = isEvent ? key : event === null ? null : `${event}/${key}`;
      if (typeof key === 'string' && path !== null) {
        const comment = commentOf(node);
        if (comment !== null && !found.has(path)) found.set(path, comment);
      }
      ts.forEachChild(node, (child) => visit(child, isEvent ? key : event));
    };
    visit(file, null);
  }
  return found;
}

function nameOf(name: ts.PropertyName): string | null {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : null;
}

function commentOf(node: ts.Node): string | null {
  const texts = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = texts.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join(' ');
  return text === '' ? null : text.replaceAll(/\s+/g, ' ');
}

/** A shape in a few words. */
function words(schema: Schema): string {
  if ('$ref' in schema) return 'any JSON';
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants !== undefined) return [...new Set(variants.map((one) => words(one)))].join(' or ');
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? 'time (RFC 3339)' : 'text';
    case 'array':
      return `list of: ${words((schema.items ?? {}) as Schema)}`;
    case 'object': {
      const names = Object.keys(schema.properties ?? {}).map((name) => `\`${name}\``);
      return names.length > 0 ? `object of ${names.join(', ')}` : 'values by name';
    }
    case undefined:
      return 'any JSON';
    default:
      return String(schema.type);
  }
}

function section(type: EventType, texts: ReadonlyMap<string, string>, example: unknown): string {
  const schema: Schema = z.toJSONSchema(registry[type], { io: 'input' });
  const needed = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const text = [words(field as Schema), texts.get(`${type}/${name}`) ?? ''].filter((part) => part !== '');
    return `| \`${name}\` | ${needed.has(name) ? 'always' : 'may be left out'} | ${text.join('. ').replaceAll('|', '\\|')} |`;
  });
  const about = texts.get(type);
  if (about === undefined) throw new Error(`the source of ${type} does not say what it is`);
  return [
    `## ${type}`,
    `\`soma.${type}.v${versionOf(type)}\`. ${about}`,
    ['| field of `data.event` | | what it is |', '|---|---|---|', ...rows].join('\n'),
    `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``,
  ].join('\n\n');
}

/** Every page by its name. */
export function pages(): ReadonlyMap<string, string> {
  const path = new URL('./json/examples/events.json', import.meta.url);
  const examples = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
  const texts = said();
  const made = Topic.options.map((topic) => {
    const head = [
      OPENING,
      `# ${topic}`,
      ABOUT[topic],
      `Each is a copy of a durable event, as a CloudEvent 1.0 in JSON ([schema](../../schemas/json/${topic}.json)). \`source\` and \`id\` name it once: it may
arrive more than once. Events of one \`subject\` arrive in the order of \`sequence\`, but for one that was set aside and sent again. Pass over types,
fields and codes of faults that you do not know. How an event may change: [decision](../decisions/2026-11-21-how-an-event-may-change.md).
\`node schemas/emit.ts\` writes this page; the examples are events of a real run, kept by \`npm run schemas:smoke -- --keep DIR\`.`,
    ];
    const sections = topics[topic].map((type) =>
      section(type, texts, examples[`soma.${type}.v${versionOf(type)}`]),
    );
    return [`${topic}.md`, `${[...head, ...sections].join('\n\n')}\n`] as const;
  });
  return new Map(made);
}
