import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { usual, type DefaultEntry } from './default-entry.ts'
import { dayMs, minuteMs } from './durations.ts'

/** Alarms of the platform itself. */
export const platformDefaults: Readonly<Record<KindOf<'platform'>, DefaultEntry>> = {
  'broker-lost': {
    ...{ ...usual, className: 'platform', priority: 'high', timeToRespondMs: 10 * minuteMs },
    ...{ onDelayMs: minuteMs / 2, offDelayMs: minuteMs / 2 },
    cause: {
      en: 'The platform has no connection to the MQTT broker: the broker or its host is down, the network between them, or a certificate or password that has changed.',
      pt: 'A plataforma está sem conexão com o broker MQTT: broker ou servidor fora do ar, rede entre eles, ou certificado ou senha que mudou.',
    },
    consequence: {
      en: 'Nothing arrives from the field and nothing goes there: silence says nothing about the grid, setpoints stay as they were, and an interruption is known by telephone only.',
      pt: 'Nada chega do campo e nada vai para ele: silêncio não diz nada sobre a rede, setpoints ficam como estavam, e interrupção só se conhece por telefone.',
    },
    operatorAction: {
      en: 'Announce on the floor that the screens stand still, and work by telephone and radio. Call platform support: is the broker running, is its host reachable, what does its log refuse. What was queued comes in by itself afterwards.',
      pt: 'Avise na sala que as telas estão paradas e opere por telefone e rádio. Chame o suporte da plataforma: o broker está rodando, o servidor responde, o que o log recusa. O que ficou em fila entra sozinho depois.',
    },
  },
  'database-lost': {
    ...{ ...usual, className: 'platform', priority: 'medium', timeToRespondMs: 10 * minuteMs },
    cause: {
      en: 'The platform did not reach its PostgreSQL: restart, failover, a full disk, or the network. This can be stored only once it is back.',
      pt: 'A plataforma não alcançou o PostgreSQL dela: reinício, troca de servidor, disco cheio ou rede. Isto só pode ser registrado quando ele volta.',
    },
    consequence: {
      en: 'While it lasted no reading was confirmed, no alarm could be acknowledged and no command given. Brokers keep what was sent within their own bounds.',
      pt: 'Enquanto durou, nenhuma leitura foi confirmada, nenhum alarme pôde ser reconhecido e nenhum comando dado. Os brokers guardam o enviado dentro dos próprios limites.',
    },
    operatorAction: {
      en: 'Look at alarms and interruptions that began in that time: they come late and all at once. If it happens again within a shift, call platform support for the state of disk, memory and replication.',
      pt: 'Confira alarmes e interrupções que começaram nesse período: chegam atrasados e todos juntos. Se repetir no mesmo turno, chame o suporte da plataforma para ver disco, memória e replicação.',
    },
  },
  'disk-nearly-full': {
    ...{ ...usual, className: 'platform', priority: 'low', timeToRespondMs: dayMs / 2 },
    ...{ onDelayMs: 5 * minuteMs, offDelayMs: 5 * minuteMs },
    cause: {
      en: 'The disk with the data of the platform is beyond 85 %: readings kept for longer than planned, backups that nobody moves away, logs, or a consumer that holds back what could be dropped.',
      pt: 'O disco com os dados da plataforma passou de 85 %: leituras guardadas além do previsto, backups que ninguém retira, logs, ou um consumidor que segura o que poderia ser descartado.',
    },
    consequence: {
      en: 'At 95 % readings are no longer taken from the broker; when the broker’s own queue is full, the field’s data is lost.',
      pt: 'Com 95 % as leituras deixam de ser retiradas do broker; quando a fila do broker enche, dados do campo se perdem.',
    },
    operatorAction: {
      en: 'Tell platform support today, not tomorrow: move backups away, check how long data is kept, enlarge the disk. Do not delete files of the database by hand.',
      pt: 'Avise o suporte da plataforma hoje, não amanhã: retire backups, confira os prazos de retenção, aumente o disco. Não apague arquivos do banco manualmente.',
    },
  },
}
