/** Weights of the check digits of a CNPJ, from the right. */
const weightAt = (fromRight: number): number => 2 + (fromRight % 8)

/**
 * A CNPJ without marks: 14 digits, or since July 2026 letters too among the first twelve.
 * @param text  with marks or without
 * @returns undefined where the form or a check digit is wrong (Receita Federal, IN RFB 2.229/2024)
 */
export function parseCnpj(text: string): string | undefined {
  const cnpj = text.trim().toUpperCase().replaceAll(/[./-]/g, '')
  if (!/^[0-9A-Z]{12}[0-9]{2}$/.test(cnpj) || /^0+$/.test(cnpj)) return undefined
  const first = checkDigit(cnpj.slice(0, 12))
  return cnpj.endsWith(`${first}${checkDigit(cnpj.slice(0, 12) + first)}`) ? cnpj : undefined
}

/** `12ABC34501DE35` as `12.ABC.345/01DE-35`. */
export const writtenCnpj = (cnpj: string): string =>
  cnpj.replace(/^(..)(...)(...)(....)(..)$/, (_all, ...parts) => {
    const [a, b, c, d, e] = parts as string[]
    return `${a}.${b}.${c}/${d}-${e}`
  })

/** A letter counts by its place behind the digits in ASCII. */
function checkDigit(before: string): number {
  const sum = Array.from(before)
    .toReversed()
    .reduce((total, character, index) => total + (character.charCodeAt(0) - 48) * weightAt(index), 0)
  return sum % 11 < 2 ? 0 : 11 - (sum % 11)
}
