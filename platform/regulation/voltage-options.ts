import { amount, choice } from './option.ts'

const days = { en: 'days', pt: 'dias' }

/** What is uncertain about voltage in PRODIST Módulo 8, Seção 8.1. */
export const voltageOptions = {
  'voltage-minimum-coverage': amount({
    question: {
      en: 'Which share of a ten-minute window must readings cover for it to count?',
      pt: 'Que parcela de uma janela de dez minutos as leituras devem cobrir para que ela conte?',
    },
    ...{ unit: { en: 'of 1', pt: 'de 1' }, least: 0.1, most: 1, whole: false, default: 0.9 },
    source: 'IEC 61000-4-30 aggregates without gaps; for meters that lose messages no figure was found',
    confidence: 'unsaid',
  }),
  'voltage-questionable-readings': choice({
    question: {
      en: 'Do readings that a check found questionable count in a window?',
      pt: 'Leituras que uma verificação achou questionáveis contam na janela?',
    },
    choices: {
      count: { en: 'they count', pt: 'contam' },
      'cover-nothing': { en: 'they cover nothing', pt: 'não cobrem nada' },
    },
    default: 'count',
    source: 'the norm speaks of the instrument, and not of what became of its readings on the way',
    confidence: 'unsaid',
  }),
  'voltage-expurgated-disturbances': choice({
    question: {
      en: 'Which voltage disturbances (VTCD) make a window invalid?',
      pt: 'Quais variações de tensão de curta duração (VTCD) invalidam uma janela?',
    },
    choices: {
      'events-and-readings': {
        en: "those of an instrument's event, and those that readings of 1 s or finer show",
        pt: 'as de um evento do instrumento e as que leituras de 1 s ou menos mostram',
      },
      events: { en: "only those of an instrument's event", pt: 'só as de um evento do instrumento' },
      none: { en: 'none', pt: 'nenhuma' },
    },
    default: 'events-and-readings',
    source: 'firmware of an instrument marks such readings invalid; the wording of the norm was not found',
    confidence: 'one-source',
  }),
  'voltage-expurgated-interruptions': choice({
    question: {
      en: 'Which interruptions (below 0.1 pu) make a window invalid?',
      pt: 'Quais interrupções (abaixo de 0,1 pu) invalidam uma janela?',
    },
    choices: {
      all: { en: 'all', pt: 'todas' },
      none: { en: 'none: such windows are critical', pt: 'nenhuma: essas janelas são críticas' },
    },
    default: 'all',
    source: 'an interrupted supply has no steady-state voltage; the wording of the norm was not found',
    confidence: 'remembered',
  }),
  'voltage-invalid-phase': choice({
    question: {
      en: 'Does one invalid phase invalidate the window of the whole unit?',
      pt: 'Uma fase inválida invalida a janela de toda a unidade?',
    },
    choices: {
      unit: { en: 'yes, of all phases', pt: 'sim, de todas as fases' },
      phase: { en: 'no, of that phase only', pt: 'não, só a daquela fase' },
    },
    default: 'unit',
    source: 'one instrument takes 1,008 readings of all phases; the norm counts readings, not readings of a phase',
    confidence: 'inferred',
  }),
  'voltage-measurement-days': amount({
    question: {
      en: 'How long may a measurement take to gather its 1,008 valid windows before it is to be taken again?',
      pt: 'Quanto tempo pode levar uma medição para reunir as 1.008 janelas válidas antes de ter de ser refeita?',
    },
    ...{ unit: days, least: 7, most: 60, whole: true, default: 21 },
    source: 'the norm replaces invalid readings by following ones, and says nothing of how long',
    confidence: 'unsaid',
  }),
  'voltage-percentages': choice({
    question: {
      en: 'How are DRP and DRC brought to two decimals where they are published? Limits and money go by the exact ones.',
      pt: 'Como DRP e DRC vão a duas casas decimais onde são publicados? Limites e valores seguem os exatos.',
    },
    choices: {
      truncated: { en: 'truncated', pt: 'truncados' },
      rounded: { en: 'rounded', pt: 'arredondados' },
    },
    default: 'truncated',
    source: 'a letter of Energisa Paraíba of 24/08/2026 prints 8.03 for 8.0357 and 9.32 for 9.3254',
    confidence: 'inferred',
  }),
  'voltage-icc-counts': choice({
    question: {
      en: 'Which measured units count in ICC as units with critical voltage (NC)?',
      pt: 'Quais unidades medidas contam no ICC como unidades com tensão crítica (NC)?',
    },
    choices: {
      'any-critical': { en: 'those with DRC other than 0', pt: 'as com DRC diferente de 0' },
      violated: { en: 'those with DRC above its limit', pt: 'as com DRC acima do limite' },
    },
    default: 'any-critical',
    source: 'public code',
    confidence: 'one-source',
  }),
  'voltage-k2-high-voltage': amount({
    question: { en: 'What is k2 for high voltage (AT)?', pt: 'Qual é o k2 da alta tensão (AT)?' },
    ...{ unit: { en: '', pt: '' }, least: 0, most: 20, whole: false, default: 3 },
    source: 'PRODIST Módulo 8 v14, item 29, in a summary',
    confidence: 'one-source',
  }),
  'voltage-eusd-month': choice({
    question: {
      en: 'The charge (EUSD) of which month is the base of the compensation?',
      pt: 'O encargo (EUSD) de que mês é a base da compensação?',
    },
    choices: {
      'measurement-end': {
        en: 'of the month in which the last measurement ended',
        pt: 'do mês em que terminou a última medição',
      },
      'measurement-start': {
        en: 'of the month in which the last measurement began',
        pt: 'do mês em que começou a última medição',
      },
      'each-month': { en: 'of each month that is compensated', pt: 'de cada mês compensado' },
    },
    default: 'measurement-end',
    source: 'the month of the last measurement, as remembered; a summary names EUSD only',
    confidence: 'remembered',
  }),
  'voltage-compensation-begins': choice({
    question: {
      en: 'From when on is a violation compensated?',
      pt: 'A partir de quando uma violação é compensada?',
    },
    choices: {
      'measurement-month': {
        en: 'from the month in which the measurement ended that found it',
        pt: 'a partir do mês em que terminou a medição que a constatou',
      },
      'after-deadline': {
        en: 'from the month in which the deadline for regularisation passes',
        pt: 'a partir do mês em que vence o prazo de regularização',
      },
    },
    default: 'measurement-month',
    source: 'a letter of Energisa Paraíba of 24/08/2026 promises compensation until the voltage is normal',
    confidence: 'one-source',
  }),
  'voltage-violation-ends': choice({
    question: {
      en: 'When does a violation end, and with it the compensation?',
      pt: 'Quando termina uma violação, e com ela a compensação?',
    },
    choices: {
      'work-done': {
        en: 'on the day of the work, once a measurement after it complies',
        pt: 'no dia da obra, desde que uma medição posterior esteja conforme',
      },
      'compliant-measurement': {
        en: 'on the day on which a measurement that complies ended',
        pt: 'no dia em que terminou uma medição conforme',
      },
    },
    default: 'compliant-measurement',
    source: 'the violation persists until measured otherwise; the wording of the norm was not found',
    confidence: 'inferred',
  }),
  'voltage-last-month': choice({
    question: {
      en: 'What is due for the month in which a violation ends?',
      pt: 'O que é devido pelo mês em que uma violação termina?',
    },
    choices: {
      whole: { en: 'all of it: a month that has begun counts', pt: 'o mês inteiro: mês iniciado conta' },
      'by-days': { en: 'by its days', pt: 'proporcional aos dias' },
      none: { en: 'nothing', pt: 'nada' },
    },
    default: 'whole',
    source: 'compensation is monthly while the violation persists; parts of a month were not found',
    confidence: 'unsaid',
  }),
  'voltage-compensated-units': choice({
    question: {
      en: 'Whom is compensation due to, beside the measured unit?',
      pt: 'A quem é devida a compensação, além da unidade medida?',
    },
    choices: {
      measured: { en: 'to nobody else', pt: 'a ninguém mais' },
      site: {
        en: 'to the other units of the same site, as those on the same connection point',
        pt: 'às demais unidades do mesmo local, como as do mesmo ponto de conexão',
      },
    },
    default: 'measured',
    source:
      'due also to others on the connection point, as remembered; the registry knows sites, not connection points',
    confidence: 'remembered',
  }),
  'voltage-regularisation-days-drp': amount({
    question: {
      en: 'Within how many days is a violation of DRP to be put right?',
      pt: 'Em quantos dias deve ser regularizada uma violação de DRP?',
    },
    ...{ unit: days, least: 1, most: 365, whole: true, default: 90 },
    source: 'as remembered; no source found in v14',
    confidence: 'remembered',
  }),
  'voltage-regularisation-days-drc': amount({
    question: {
      en: 'Within how many days is a violation of DRC to be put right?',
      pt: 'Em quantos dias deve ser regularizada uma violação de DRC?',
    },
    ...{ unit: days, least: 1, most: 365, whole: true, default: 15 },
    source: 'as remembered; no source found in v14',
    confidence: 'remembered',
  }),
  'voltage-notice-days': amount({
    question: {
      en: 'Within how many days is the consumer told of a measurement that violates?',
      pt: 'Em quantos dias o consumidor é comunicado de uma medição com violação?',
    },
    ...{ unit: days, least: 1, most: 90, whole: true, default: 15 },
    source: 'notes on PRODIST Módulo 8 v14',
    confidence: 'one-source',
  }),
  'voltage-credit-months': amount({
    question: {
      en: 'Within how many months after the month of reference is the compensation credited?',
      pt: 'Em quantos meses após o mês de referência a compensação é creditada?',
    },
    ...{ unit: { en: 'months', pt: 'meses' }, least: 0, most: 12, whole: true, default: 2 },
    source: 'as remembered; certain for continuity only (item 219)',
    confidence: 'remembered',
  }),
} as const
