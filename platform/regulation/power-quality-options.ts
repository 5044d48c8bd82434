import { choice } from './option.ts'

/** What is uncertain about the quality of supply beside the voltage itself in PRODIST Módulo 8, Seção 8.1. */
export const powerQualityOptions = {
  'voltage-high-voltage-distortion': choice({
    question: {
      en: 'Do the limits of DTT95 % (5 %) and DTTp95 % (1 %) hold from 69 kV to below 230 kV?',
      pt: 'Os limites de DTT95% (5 %) e DTTp95% (1 %) valem de 69 kV até abaixo de 230 kV?',
    },
    choices: {
      limited: { en: 'they hold', pt: 'valem' },
      unlimited: { en: 'there are none', pt: 'não há' },
    },
    default: 'limited',
    source: 'as remembered of the table; a summary of Módulo 8 shows "-" in that column',
    confidence: 'remembered',
  }),
} as const
