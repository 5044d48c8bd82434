/** A sentence for persons, in en-US and pt-BR. */
export interface Advice {
  readonly en: string
  readonly pt: string
}

/** What the advice on a plant goes by; energy and money of the horizon. */
export interface PlantNeeds {
  readonly duePanels: number
  readonly daysUntil: number | null
  readonly faultKwh: number
  readonly soilingKwh: number
  readonly cleaningPays: boolean | null
  readonly avoidedBrl: number | null
  readonly horizonDays: number
}

/** For less nobody drives to a plant, kWh within the horizon. */
const noticeableKwh = 1

/**
 * What is to be done at a plant, and by when: a fault first, then cleaning where it pays, then a look before the first panel is at
 * its threshold.
 */
export function plantAdvice(needs: PlantNeeds): Advice {
  const { duePanels, daysUntil, faultKwh, soilingKwh, cleaningPays, avoidedBrl, horizonDays } = needs
  const worth = avoidedBrl !== null && avoidedBrl > 0 ? avoidedBrl : undefined
  const say = (en: string, pt: string): Advice => ({
    en: worth === undefined ? en : `${en} It saves ${brl(worth, 'en-US')} in ${horizonDays} days.`,
    pt: worth === undefined ? pt : `${pt} Economiza ${brl(worth, 'pt-BR')} em ${horizonDays} dias.`,
  })
  if (faultKwh >= noticeableKwh && cleaningPays)
    return say(
      'Look for the fault, and clean the panels on the same visit.',
      'Procurar a falha e limpar os painéis na mesma visita.',
    )
  if (faultKwh >= noticeableKwh)
    return say(
      'Look for the fault: output fell from one day to the next.',
      'Procurar a falha: a geração caiu de um dia para o outro.',
    )
  if (cleaningPays)
    return say(
      'Clean the panels: what the dirt costs exceeds the cleaning.',
      'Limpar os painéis: a sujeira custa mais que a limpeza.',
    )
  if (daysUntil === 0)
    return duePanels === 1
      ? say('Inspect: a panel is at its threshold.', 'Inspecionar: um painel está no limiar.')
      : say(
          `Inspect: of ${duePanels} panels that are due some are at their threshold.`,
          `Inspecionar: dos ${duePanels} painéis a atender, há os que já estão no limiar.`,
        )
  if (daysUntil !== null)
    return say(
      `Inspect within ${inDays(daysUntil, 'day', 'days')}: by then the first panel is at its threshold.`,
      `Inspecionar em até ${inDays(daysUntil, 'dia', 'dias')}: até lá o primeiro painel chega ao limiar.`,
    )
  if (cleaningPays === null && soilingKwh >= noticeableKwh)
    return say(
      `Dirt costs ${kwh(soilingKwh, 'en-US')} in ${horizonDays} days: give the site a tariff and a cleaning cost to know whether cleaning pays.`,
      `A sujeira custa ${kwh(soilingKwh, 'pt-BR')} em ${horizonDays} dias: informe a tarifa e o custo de limpeza do local para saber se a limpeza compensa.`,
    )
  return { en: 'Nothing to be done.', pt: 'Nada a fazer.' }
}

/** Days until a level is at its threshold, as forecasts have them; null: not within the horizon. */
export interface Crossing {
  readonly days: number | null
  readonly from: number | null
  readonly until: number | null
}

/** When a panel is at its threshold. @param thresholdPct  of what it gives when clean, % */
export function panelAdvice({ days, from, until }: Crossing, thresholdPct: number, horizonDays: number): Advice {
  const [en, pt] = [percent(thresholdPct, 'en-US'), percent(thresholdPct, 'pt-BR')]
  if (days === 0)
    return {
      en: `It is at ${en} of what it gives when clean, or below.`,
      pt: `Está em ${pt} do que gera quando limpo, ou abaixo.`,
    }
  if (days === null)
    return {
      en: `It stays above ${en} of what it gives when clean for ${inDays(horizonDays, 'day', 'days')}${from === null ? '' : `; at the worst for ${inDays(from, 'day', 'days')}`}.`,
      pt: `Fica acima de ${pt} do que gera quando limpo por ${inDays(horizonDays, 'dia', 'dias')}${from === null ? '' : `; no pior caso, por ${inDays(from, 'dia', 'dias')}`}.`,
    }
  return {
    en: `It falls to ${en} of what it gives when clean in ${inDays(days, 'day', 'days')} (${from ?? days} to ${until ?? `more than ${horizonDays}`}).`,
    pt: `Cai a ${pt} do que gera quando limpo em ${inDays(days, 'dia', 'dias')} (${from ?? days} a ${until ?? `mais de ${horizonDays}`}).`,
  }
}

const inDays = (days: number, one: string, many: string): string => `${days} ${days === 1 ? one : many}`

const percent = (pct: number, locale: string): string => `${numberIn(pct, locale, 0)} %`

const kwh = (value: number, locale: string): string => `${numberIn(value, locale, 0)} kWh`

const brl = (value: number, locale: string): string => `R$ ${numberIn(value, locale, 2)}`

const numberIn = (value: number, locale: string, digits: number): string =>
  value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
