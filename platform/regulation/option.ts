/** Said in both languages. */
export interface Bilingual {
  readonly en: string
  readonly pt: string
}

/** How sure a default is. */
export const confidences = {
  'one-source': { en: 'one source', pt: 'uma fonte' },
  inferred: { en: 'inferred', pt: 'deduzido' },
  conflicting: { en: 'sources conflict', pt: 'fontes em conflito' },
  remembered: { en: 'from memory, no source found', pt: 'de memória, sem fonte' },
  unsaid: { en: 'nothing found in the norm', pt: 'nada encontrado na norma' },
} as const satisfies Record<string, Bilingual>
export type Confidence = keyof typeof confidences

interface Uncertain {
  /** What the norm leaves open, or what we could not find out. */
  readonly question: Bilingual
  /** What the default rests on. */
  readonly source: string
  readonly confidence: Confidence
}

export interface ChoiceOption<Choice extends string = string> extends Uncertain {
  readonly kind: 'choice'
  readonly choices: Readonly<Record<Choice, Bilingual>>
  readonly default: Choice
}

export interface NumberOption extends Uncertain {
  readonly kind: 'number'
  readonly unit: Bilingual
  readonly least: number
  readonly most: number
  readonly whole: boolean
  readonly default: number
}

/** An uncertain choice of the norm: as data, so that it can be made otherwise. */
export type RegulationOption = ChoiceOption | NumberOption

export const choice = <Choice extends string>(
  option: Omit<ChoiceOption<Choice>, 'kind' | 'default'> & { readonly default: NoInfer<Choice> },
): ChoiceOption<Choice> => ({ kind: 'choice', ...option })

export const amount = (option: Omit<NumberOption, 'kind'>): NumberOption => ({ kind: 'number', ...option })

/** What an option takes, in words. */
export function acceptedBy(option: RegulationOption): string {
  if (option.kind === 'choice') return Object.keys(option.choices).join(' or ')
  return `a ${option.whole ? 'whole ' : ''}number from ${option.least} to ${option.most}`
}

/** Whether an option takes a value. */
export function accepts(option: RegulationOption, value: unknown): value is string | number {
  if (option.kind === 'choice') return typeof value === 'string' && Object.hasOwn(option.choices, value)
  if (typeof value !== 'number' || !(value >= option.least && value <= option.most)) return false
  return !option.whole || Number.isInteger(value)
}
