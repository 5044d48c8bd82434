/**
 * What an interruption came from, in the four levels of the regulator's data set of interruptions (DscFatoGeradorOrigem, Tipo,
 * Causa, Detalhe, from 2026 on; one text with the four before).
 */
export interface Cause {
  readonly origin: 'internal' | 'external'
  readonly programmed: boolean
  /** Official words: Origem, Tipo, Causa, Detalhe. */
  readonly words: readonly [origem: string, tipo: string, causa: string, detalhe: string]
  readonly en: string
}

const programmed = (causa: string, detalhe: string, en: string): Cause => ({
  ...{ origin: 'internal', programmed: true, words: ['Interna', 'Programada', causa, detalhe], en },
})
const sudden = (causa: string, detalhe: string, en: string): Cause => ({
  ...{ origin: 'internal', programmed: false, words: ['Interna', 'Não programada', causa, detalhe], en },
})
const external = (tipo: 'Programada' | 'Não programada', causa: string, detalhe: string, en: string): Cause => ({
  ...{ origin: 'external', programmed: tipo === 'Programada', words: ['Externa', tipo, causa, detalhe], en },
})

/** Words as remembered of the regulator's data set of interruptions: a list of them was not found. */
export const causes = {
  improvement: programmed('Alteração', 'Para melhoria', 'change of the network for the better'),
  extension: programmed('Alteração', 'Para ampliação', 'extension of the network'),
  'preventive-maintenance': programmed('Manutenção', 'Preventiva', 'preventive maintenance'),
  'corrective-maintenance': programmed('Manutenção', 'Corretiva', 'corrective maintenance'),
  lightning: sudden('Meio ambiente', 'Descarga atmosférica', 'lightning'),
  wind: sudden('Meio ambiente', 'Vento', 'wind'),
  vegetation: sudden('Meio ambiente', 'Árvore ou vegetação', 'tree or vegetation'),
  animals: sudden('Meio ambiente', 'Animais', 'animals'),
  flood: sudden('Meio ambiente', 'Inundação', 'flood'),
  erosion: sudden('Meio ambiente', 'Erosão', 'erosion'),
  fire: sudden('Meio ambiente', 'Queima ou incêndio', 'fire'),
  corrosion: sudden('Meio ambiente', 'Corrosão', 'corrosion'),
  pollution: sudden('Meio ambiente', 'Poluição', 'pollution'),
  vandalism: sudden('Terceiros', 'Vandalismo', 'vandalism'),
  vehicle: sudden('Terceiros', 'Abalroamento', 'vehicle against a pole'),
  theft: sudden('Terceiros', 'Roubo', 'theft'),
  accident: sudden('Terceiros', 'Acidente', 'accident'),
  object: sudden('Terceiros', 'Objeto na rede', 'object on the line'),
  'user-fault': sudden('Terceiros', 'Defeito cliente afetando outros', "a user's fault that concerns others"),
  'illegal-connection': sudden('Terceiros', 'Ligação clandestina', 'illegal connection'),
  'operation-error': sudden('Falha operacional', 'Erro de operação', 'error of operation'),
  'poor-work': sudden('Falha operacional', 'Serviço mal executado', 'work done badly'),
  undervoltage: sudden('Próprias do sistema', 'Subtensão', 'undervoltage'),
  overvoltage: sudden('Próprias do sistema', 'Sobretensão', 'overvoltage'),
  overload: sudden('Próprias do sistema', 'Sobrecarga', 'overload'),
  material: sudden('Próprias do sistema', 'Falha de material ou equipamento', 'material or equipment'),
  'emergency-maintenance': sudden(
    'Próprias do sistema',
    'Desligamento para manutenção emergencial',
    'switched off for urgent maintenance',
  ),
  safety: sudden('Próprias do sistema', 'Desligamento por segurança', 'switched off for safety'),
  unidentified: sudden('Próprias do sistema', 'Não identificada', 'not identified'),
  'external-programmed': external(
    'Programada',
    'Sistema de outro agente',
    'Programada',
    'programmed, in the system of another agent',
  ),
  'external-sudden': external(
    'Não programada',
    'Sistema de outro agente',
    'Não programada',
    'in the system of another agent',
  ),
  'load-shedding': external('Não programada', 'Alívio de carga', 'ERAC', 'regional load-shedding scheme'),
} as const satisfies Record<string, Cause>
export type CauseCode = keyof typeof causes
export const causeCodes = Object.keys(causes) as readonly CauseCode[]

/** Official words of a cause, as one text of its four levels; what is no code of ours stays as it is. */
export const causeWords = (cause: string): string =>
  Object.hasOwn(causes, cause) ? causes[cause as CauseCode].words.join(';') : cause

/** Cause and detail as the regulator's files have them; what is no code of ours is a cause without a detail. */
export function officialCause(cause: string | null): { readonly cause: string | null; readonly detail: string | null } {
  if (cause === null || !Object.hasOwn(causes, cause)) return { cause, detail: null }
  const [, , causa, detalhe] = causes[cause as CauseCode].words
  return { cause: causa, detail: detalhe }
}

/** A cause in the words that the public and the regulator read. */
export const publicCause = (cause: string | null): string | null => {
  const official = officialCause(cause)
  return official.detail ?? official.cause
}

/** What a person reads. */
export const causeTexts = (code: CauseCode): { readonly en: string; readonly pt: string } => ({
  en: causes[code].en,
  pt: causes[code].words[3],
})
