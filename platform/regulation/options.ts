import { continuityOptions } from './continuity-options.ts'
import { accepts, acceptedBy, type ChoiceOption, type RegulationOption } from './option.ts'
import { powerQualityOptions } from './power-quality-options.ts'
import type { Queries } from '../storage/queries.ts'
import { storedValues } from './repository.ts'
import { voltageOptions } from './voltage-options.ts'

/** Every uncertain choice of the norm, by key. */
export const regulationOptions = {
  ...voltageOptions,
  ...powerQualityOptions,
  ...continuityOptions,
} as const satisfies Record<string, RegulationOption>
export type OptionKey = keyof typeof regulationOptions

export const isOptionKey = (key: string): key is OptionKey => Object.hasOwn(regulationOptions, key)

/** What each option is set to. */
export type RegulationChoices = {
  readonly [Key in OptionKey]: (typeof regulationOptions)[Key] extends ChoiceOption<infer Choice> ? Choice : number
}

/** The choices where nobody has made others. */
export const defaultChoices = Object.fromEntries(
  Object.entries(regulationOptions).map(([key, option]) => [key, option.default]),
) as RegulationChoices

/**
 * The choices as they are in this moment: asked in the transaction that decides by them, they are its own, in every process.
 * @throws OptionError where what is stored is no value (any more)
 */
export async function regulationChoices(queries: Queries): Promise<RegulationChoices> {
  const stored = (await storedValues(queries)).filter(({ key, value }) => isOptionKey(key) && value !== null)
  for (const { key, value } of stored) checkStored(key as OptionKey, value)
  return { ...defaultChoices, ...Object.fromEntries(stored.map(({ key, value }) => [key, value])) }
}

/** What is stored of an option is no value of it. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
}

function checkStored(key: OptionKey, value: unknown): void {
  const option: RegulationOption = regulationOptions[key]
  if (!accepts(option, value))
    throw new OptionError(`the option ${key} is stored as ${JSON.stringify(value)}: it takes ${acceptedBy(option)}`)
}
