/** What conditions of solar plants say; as `conditionTexts`. `details` and `recommendation` come in both languages. */
export const solarConditionTexts = {
  'solar.plant-out': {
    en: 'Solar plant {site} ({panels} panels): {details}. {recommendation}',
    pt: 'Usina solar {site} ({panels} painéis): {details}. {recommendation}',
  },
  'solar.plant-back': {
    en: 'Solar plant {site} generates as expected, or is not watched any more',
    pt: 'Usina solar {site} gera como esperado, ou não é mais observada',
  },
  'solar.panel-fault': {
    en: 'Panel {panel}: {details}. {recommendation}',
    pt: 'Painel {panel}: {details}. {recommendation}',
  },
  'solar.panel-loss': {
    en: 'Panel {panel} generates less than it should: {details}. {recommendation}',
    pt: 'Painel {panel} gera menos do que deveria: {details}. {recommendation}',
  },
  'solar.panel-hot': {
    en: 'Panel {panel} is hotter than it should be: {details}. {recommendation}',
    pt: 'Painel {panel} mais quente do que deveria: {details}. {recommendation}',
  },
  'solar.panel-sensor': {
    en: 'What panel {panel} reports cannot be believed: {details}. {recommendation}',
    pt: 'O que o painel {panel} informa não é confiável: {details}. {recommendation}',
  },
  'solar.panel-unusual': {
    en: 'Panel {panel} is unlike the healthy history of its site: {details}. {recommendation}',
    pt: 'Painel {panel} fora do histórico saudável do seu local: {details}. {recommendation}',
  },
  'solar.panel-well': {
    en: 'Panel {panel}: no longer so, or not watched any more',
    pt: 'Painel {panel}: não mais, ou não é mais observado',
  },
} as const satisfies Record<string, { readonly en: string; readonly pt: string }>
