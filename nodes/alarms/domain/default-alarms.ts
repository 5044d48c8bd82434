import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { usual, type DefaultEntry } from './default-entry.ts'
import { minuteMs } from './durations.ts'

/** Alarms of the alarms themselves: that nobody is told of them. */
export const alarmsDefaults: Readonly<Record<KindOf<'alarms'>, DefaultEntry>> = {
  'notification-failed': {
    ...{ ...usual, className: 'platform', priority: 'medium', timeToRespondMs: 10 * minuteMs },
    cause: {
      en: 'A channel that tells people of alarms does not get through: its server is away or refuses, an address or a secret has changed, or nothing confirms what the mail node sends.',
      pt: 'Um canal que avisa pessoas sobre alarmes não está entregando: o servidor dele está fora ou recusa, endereço ou segredo mudou, ou nada confirma o que o nó de e-mail envia.',
    },
    consequence: {
      en: 'Whoever is told by this channel does not know of alarms. The alarm list on the screens is complete.',
      pt: 'Quem é avisado por este canal não sabe dos alarmes. A lista de alarmes nas telas está completa.',
    },
    operatorAction: {
      en: 'Call those who are told by this channel. Let platform support look at the notifications that failed, and have them sent again once the cause is gone.',
      pt: 'Ligue para quem é avisado por este canal. Peça ao suporte da plataforma que veja as notificações que falharam e as reenvie quando a causa for resolvida.',
    },
  },
}
