/** The pages of the operator's console, in the order of their navigation. */
export const screens = [
  ...(['overview', 'alarms', 'commands', 'feeders', 'voltage', 'continuity', 'solar', 'system'] as const),
] as const
export type ScreenName = (typeof screens)[number]

export const isScreenName = (word: unknown): word is ScreenName => screens.some((name) => name === word)
