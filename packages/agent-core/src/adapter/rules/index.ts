import type { Action, Hasher, Policy, PolicyDecision } from '../../port/index.ts';

interface Rule {
  readonly name: string;
  readonly verdict: PolicyDecision['verdict'];
  readonly decides: (action: Action) => boolean;
}

/** In order; the first that decides wins. What none decides is asked. */
const RULES: readonly Rule[] = [
  {
    name: 'unknown-tool',
    verdict: 'deny',
    decides: ({ kind, tool }) => (kind === 'tool-call' || kind === 'model-call') && tool === null,
  },
  { name: 'plan-asks-call-by-call', verdict: 'allow', decides: (action) => action.kind === 'plan' },
  {
    name: 'delegate-call-by-call',
    verdict: 'allow',
    decides: (action) => action.tool?.delegates === true && action.tool.risk === 'board',
  },
  { name: 'remember-own-results', verdict: 'allow', decides: (action) => action.kind === 'memory-write' },
  { name: 'read-inside-folder', verdict: 'allow', decides: (action) => action.tool?.risk === 'read' },
  { name: 'draw-on-own-board', verdict: 'allow', decides: (action) => action.tool?.risk === 'board' },
  {
    name: 'ask-model-on-this-computer',
    verdict: 'allow',
    decides: (action) => action.kind === 'model-call' && action.model?.local === true,
  },
  { name: 'ask-for-the-rest', verdict: 'ask', decides: () => true },
];

/**
 * The small rule set that stands until policies are written in Rego: reading inside the run's folder and drawing on the run's own
 * board are allowed, and so is asking a model that a person added on this computer; an unknown tool is denied, everything else asks. A plan may be followed because each of its calls is
 * decided on its own, and a run may start another for the same reason. That a reading tool stays inside its folder is the tool's own confinement, checked after resolving.
 */
export function createRulePolicy(hasher: Hasher): Policy {
  const policyHash = hasher.sha256(
    RULES.map((rule) => `${rule.name}:${rule.verdict}:${rule.decides.toString()}`).join('\n'),
  );
  return {
    evaluate: async (action) => {
      const rule = RULES.find((candidate) => candidate.decides(action));
      return { verdict: rule?.verdict ?? 'deny', rule: rule?.name ?? 'no-rule', policyHash };
    },
  };
}
