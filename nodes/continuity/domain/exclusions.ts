/** Which indicators an exclusion takes an interruption out of. */
export interface ExclusionRule {
  readonly item: string
  readonly pt: string
  readonly en: string
  /** It is a parcel of DEC and FEC by itself, or none at all: what happens behind the meter is nobody's interruption. */
  readonly parcel: 'emergency' | 'rationing' | 'external' | 'none'
}

/**
 * Reasons for which an interruption is not counted in DIC, FIC and DMIC (PRODIST Módulo 8 v14, item 178; critical days follow
 * from the day, external origin from the interruption). One source [S2], consistent with another [S3].
 */
export const exclusionRules = {
  'unit-installation': {
    item: '178 a',
    pt: 'falha nas instalações do usuário que não interrompa terceiros',
    en: "failure in the user's installation that interrupts nobody else",
    parcel: 'none',
  },
  'unit-interest': {
    item: '178 b',
    pt: 'obras de interesse exclusivo do usuário',
    en: "works in the user's exclusive interest",
    parcel: 'none',
  },
  emergency: {
    item: '178 c',
    pt: 'interrupção em situação de emergência (ISE)',
    en: 'interruption in a situation of emergency (ISE)',
    parcel: 'emergency',
  },
  suspension: {
    item: '178 d',
    pt: 'suspensão por inadimplemento ou deficiência técnica ou de segurança',
    en: 'suspension for non-payment, or for a technical or safety deficiency',
    parcel: 'none',
  },
  rationing: {
    item: '178 e',
    pt: 'racionamento instituído pela União',
    en: 'rationing by the Union',
    parcel: 'rationing',
  },
  'load-shedding': {
    item: '178 g',
    pt: 'esquema regional de alívio de carga (ERAC)',
    en: 'regional load-shedding scheme (ERAC)',
    parcel: 'rationing',
  },
  'external-origin': {
    item: '178 h',
    pt: 'origem externa ao sistema de distribuição',
    en: 'origin outside of the distribution system',
    parcel: 'external',
  },
} as const satisfies Record<string, ExclusionRule>
export type ExclusionReason = keyof typeof exclusionRules
