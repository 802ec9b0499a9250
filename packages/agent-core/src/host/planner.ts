import type { PlanMatch } from '@soma/schemas/contract';
import { fault, type Slots } from '@soma/schemas/event';
import type { PackagedPlan } from '@soma/schemas/plan';
import type { Planner, ReadPlan } from '../engine/index.ts';
import { buildArtifact, buildClaims, evaluateArguments, loadPlan, matchPlans, packagedPlans } from '../plan/index.ts';
import type { Tool } from '../port/index.ts';
