import { showValue } from '../../../../platform/wire/show-value.ts'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { TSchema } from '@sinclair/typebox'
import { leafConfigs, RuleConfigFrame, type ExpressionConfig, type LeafConfig, type RuleConfig } from './rule-config.ts'
import { isNumeric, mostDepth, mostLeaves, type Leaf, type Level, type Logic, type Rule } from './rule.ts'
import type { Priority } from '../alarm.ts'

/** Rules of one node, at most. */
const mostRules = 200

const ajv = new Ajv({ useDefaults: true, verbose: true, allowUnionTypes: true })
const frame = ajv.compile(RuleConfigFrame)
const leafChecks = Object.fromEntries(
  Object.entries(leafConfigs).map(([type, schema]) => [type, ajv.compile(schema as TSchema)]),
) as unknown as Record<LeafConfig['type'], ValidateFunction>

/**
 * Rules of a node's configuration. A limit with several levels makes a rule for each of them, named `<name>.<level>`: each is an
 * alarm of its own, as ISA-18.2 has it, with its own entry in the master alarm table.
 * @throws RangeError that names the rule, the field and the value
 */
export function readRules(given: unknown): readonly Rule[] {
  if (!Array.isArray(given)) throw new RangeError(`rules is ${showValue(given)}: it takes a list of rules`)
  if (given.length > mostRules) throw new RangeError(`rules has ${given.length} rules: it takes ${mostRules} at most`)
  const configs = given.map(readConfig)
  const names = configs.map(({ name }) => name)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) throw new RangeError(`rule "${twice}" is there twice: a name is of one rule`)
  return configs.filter(({ enabled }) => enabled).flatMap(rulesOf)
}

/** @throws RangeError that names the rule, the field and the value */
function readConfig(given: unknown, place: number): RuleConfig {
  const copy: unknown = structuredClone(given)
  const name = (copy as { name?: unknown } | null)?.name
  const rule = `rule ${typeof name === 'string' && name !== '' ? showValue(name) : place + 1}`
  check(frame, copy, rule, '')
  const config = copy as RuleConfig
  checkExpression(config.when, rule, 'when', 1)
  const leaves = leavesOf(config.when)
  if (leaves.length > mostLeaves)
    throw new RangeError(`${rule}: when has ${leaves.length} conditions: it takes ${mostLeaves} at most`)
  if (leaves.filter((leaf) => leaf.type === 'limit' && leaf.levels.length > 1).length > 1)
    throw new RangeError(`${rule}: when has several limits with more than one level: it takes one such limit`)
  return config
}

function checkExpression(given: unknown, rule: string, path: string, depth: number): asserts given is ExpressionConfig {
  const type = (given as { type?: unknown } | null)?.type
  if (typeof type === 'string' && Object.hasOwn(leafChecks, type)) {
    check(leafChecks[type as LeafConfig['type']], given, rule, path)
    return checkLevels(given as LeafConfig, rule, path)
  }
  const { of } = (given ?? {}) as { of?: unknown }
  if (depth > mostDepth) throw new RangeError(`${rule}: ${path} is nested deeper than ${mostDepth} groups`)
  if (type === 'not') return checkExpression(of, rule, `${path}.of`, depth + 1)
  if (type !== 'and' && type !== 'or')
    throw new RangeError(
      `${rule}: ${path}.type is ${showValue(type)}: it takes ${[...Object.keys(leafChecks), 'and', 'or', 'not'].join(', ')}`,
    )
  if (!Array.isArray(of) || of.length === 0 || of.length > mostLeaves)
    throw new RangeError(`${rule}: ${path}.of is ${showValue(of)}: it takes 1 to ${mostLeaves} conditions`)
  of.forEach((one, place) => checkExpression(one, rule, `${path}.of[${place}]`, depth + 1))
}

/** High-high lies above high, which lies above low, which lies above low-low: each of them once. */
function checkLevels(leaf: LeafConfig, rule: string, path: string): void {
  if (leaf.type !== 'limit') return
  const ordered = (['HH', 'H', 'L', 'LL'] as const).flatMap((level) => leaf.levels.filter((one) => one.level === level))
  ordered.slice(1).forEach((lower, place) => {
    const upper = ordered[place]!
    if (upper.level === lower.level) throw new RangeError(`${rule}: ${path}.levels has ${lower.level} twice`)
    if (!(upper.setPoint > lower.setPoint))
      throw new RangeError(
        `${rule}: ${path}.levels: set point of ${upper.level}, ${upper.setPoint}, has to be above that of ${lower.level}, ${lower.setPoint}`,
      )
  })
}

function check(validate: ValidateFunction, given: unknown, rule: string, path: string): void {
  if (validate(given)) return
  const errors = validate.errors ?? []
  // A union reports a fault for each of its branches; what is about a range says more.
  const error = errors.find(({ keyword }) => ['minimum', 'maximum', 'pattern'].includes(keyword)) ?? errors[0]!
  const field = `${path}${error.instancePath.replaceAll(/\/(\d+)/g, '[$1]').replaceAll('/', '.')}`.replace(/^\./, '')
  throw new RangeError(`${rule}: ${sentence(error, field, errors)}`)
}

function sentence(error: ErrorObject, field: string, errors: readonly ErrorObject[]): string {
  const inside = (name: unknown): string => (field === '' ? String(name) : `${field}.${String(name)}`)
  if (error.keyword === 'required') return `${inside(error.params['missingProperty'])} is missing`
  if (error.keyword === 'additionalProperties') return `${inside(error.params['additionalProperty'])} is not known`
  const allowed = errors
    .filter(({ keyword }) => keyword === 'const')
    .map(({ params }) => showValue(params['allowedValue']))
  const expected = allowed.length > 0 ? `it takes ${allowed.join(', ')}` : `it ${error.message ?? 'is not allowed'}`
  return `${field === '' ? 'it' : field} is ${showValue(error.data)}: ${expected}`
}

function leavesOf(expression: ExpressionConfig): readonly LeafConfig[] {
  if (expression.type === 'and' || expression.type === 'or') return expression.of.flatMap(leavesOf)
  if (expression.type === 'not') return leavesOf(expression.of)
  return [expression]
}

interface AtLevel {
  readonly level: Level
  readonly setPoint: number
  readonly priority: Priority | null
}

function rulesOf(config: RuleConfig): readonly Rule[] {
  const several = leavesOf(config.when).find((leaf) => leaf.type === 'limit' && leaf.levels.length > 1)
  if (several?.type !== 'limit') return [ruleOf(config, config.name, null)]
  return several.levels.map((one) => ruleOf(config, `${config.name}.${one.level}`, one))
}

/** @param chosen  the level that this rule is of, where the configuration has a limit with several */
function ruleOf(config: RuleConfig, name: string, chosen: AtLevel | null): Rule {
  const leaves = leavesOf(config.when).map((leaf) => leafOf(leaf, chosen))
  const { kind, derType, feederIds, deviceIds, reAlarmS } = config
  const priority = chosen?.priority ?? onlyPriority(config) ?? config.priority
  return {
    name,
    scope: { kind, derType: derType === '' ? null : derType, feederIds, deviceIds },
    leaves,
    logic: logicOf(config.when, { next: 0 }),
    life: {
      ...{ priority, className: config.className, latching: config.latching },
      ...{ onDelayMs: config.onDelayS * 1_000, offDelayMs: config.offDelayS * 1_000 },
      reAlarmMs: reAlarmS === null ? null : reAlarmS * 1_000,
    },
    text: { en: config.textEn || config.name, pt: config.textPt || config.textEn || config.name },
  }
}

/** Of a rule that has one level in all. */
function onlyPriority({ when }: RuleConfig): Priority | null {
  const given = leavesOf(when).flatMap((leaf) => (leaf.type === 'limit' && leaf.levels.length === 1 ? leaf.levels : []))
  return given.length === 1 ? given[0]!.priority : null
}

function leafOf(leaf: LeafConfig, chosen: AtLevel | null): Leaf {
  switch (leaf.type) {
    case 'limit': {
      const { level, setPoint } = leaf.levels.length > 1 ? chosen! : leaf.levels[0]!
      return { type: 'limit', measure: leaf.measure, level, setPoint, deadband: leaf.deadband }
    }
    case 'rate': {
      const { overS, ...others } = leaf
      return { ...others, overMs: overS * 1_000 }
    }
    case 'digital':
      return { ...leaf, equals: String(leaf.equals) }
    case 'stale':
      return { type: 'stale', afterMs: leaf.afterS * 1_000 }
    case 'deviation':
      return leaf
  }
}

/** Leaves are numbered as `leavesOf` lists them. */
function logicOf(expression: ExpressionConfig, leaf: { next: number }): Logic {
  switch (expression.type) {
    case 'and':
    case 'or':
      return { type: expression.type, of: expression.of.map((one) => logicOf(one, leaf)) }
    case 'not':
      return { type: 'not', of: logicOf(expression.of, leaf) }
    default:
      return { type: 'leaf', leaf: leaf.next++ }
  }
}

/** The leaf whose set point and deadband the master alarm table may say: the only one that has any. */
export function tunableLeaf({ leaves }: Rule): number | null {
  const places = leaves.flatMap((leaf, place) => (isNumeric(leaf) ? [place] : []))
  return places.length === 1 ? places[0]! : null
}
