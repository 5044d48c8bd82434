import type { Role } from '../../../platform/access/roles.ts'
import type { Priority } from '../domain/alarm.ts'
import type { Notice } from '../domain/notification.ts'

/** Languages in which a channel can speak. */
export const languages = ['en-US', 'pt-BR'] as const
export type Language = (typeof languages)[number]

type InEvery<T> = Readonly<Record<Language, T>>

export const noticeWords: InEvery<Readonly<Record<Notice, string>>> = {
  'en-US': { raised: 'Alarm', escalated: 'Not acknowledged', updated: 'Alarm, more affected', cleared: 'Over' },
  'pt-BR': { raised: 'Alarme', escalated: 'Não reconhecido', updated: 'Alarme, mais afetados', cleared: 'Encerrado' },
}

export const priorityWords: InEvery<Readonly<Record<Priority, string>>> = {
  'en-US': { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  'pt-BR': { low: 'baixa', medium: 'média', high: 'alta', critical: 'crítica' },
}

export const roleWords: InEvery<Readonly<Record<Role, string>>> = {
  'en-US': { viewer: 'viewers', operator: 'operators', engineer: 'engineers', admin: 'administrators' },
  'pt-BR': { viewer: 'consulta', operator: 'operação', engineer: 'engenharia', admin: 'administração' },
}

export const digestWords: InEvery<(count: number) => string> = {
  'en-US': (count) => (count === 1 ? '1 more notification' : `${count.toLocaleString('en-US')} more notifications`),
  'pt-BR': (count) => (count === 1 ? 'Mais 1 notificação' : `Mais ${count.toLocaleString('pt-BR')} notificações`),
}

export const remarks = {
  'en-US': {
    ...{
      cause: 'Cause',
      consequence: 'Consequence',
      operatorAction: 'What to do',
      since: 'At',
      escalatedTo: 'Escalated to',
    },
    ...{ subject: 'Where:', feeder: 'feeder', unit: 'unit', device: 'device' },
    explains: (count: number) =>
      count === 1 ? 'Explains 1 other alarm' : `Explains ${count.toLocaleString('en-US')} other alarms`,
  },
  'pt-BR': {
    ...{
      cause: 'Causa',
      consequence: 'Consequência',
      operatorAction: 'O que fazer',
      since: 'Em',
      escalatedTo: 'Escalado para',
    },
    ...{ subject: 'Onde:', feeder: 'alimentador', unit: 'unidade', device: 'dispositivo' },
    explains: (count: number) =>
      count === 1 ? 'Explica mais 1 alarme' : `Explica mais ${count.toLocaleString('pt-BR')} alarmes`,
  },
} as const
