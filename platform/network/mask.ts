/** What stands for something personal that is there and not shown. */
export const masked = '***'

/** A name as those may see it who may not see personal data: `Maria da Silva` is `M*** d*** S***`. */
export const maskedName = (name: string): string =>
  name
    .trim()
    .split(/\s+/u)
    .slice(0, 5)
    .map((word) => `${/^./u.exec(word)?.[0] ?? ''}${masked}`)
    .join(' ')
