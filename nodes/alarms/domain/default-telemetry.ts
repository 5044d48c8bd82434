import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { usual, type DefaultEntry } from './default-entry.ts'
import { dayMs, hourMs, minuteMs } from './durations.ts'

/** Nothing that a device does not send says anything while the broker is away or the place has no supply. */
const silencedBy = ['continuity/outage', 'platform/broker-lost'] as const

/** Alarms of the field's devices and of what they report. */
export const telemetryDefaults: Readonly<Record<KindOf<'telemetry'>, DefaultEntry>> = {
  'device-silent': {
    ...{ ...usual, className: 'equipment', priority: 'low', timeToRespondMs: dayMs, explainedBy: silencedBy },
    ...{ onDelayMs: 2 * minuteMs, offDelayMs: minuteMs },
    cause: {
      en: 'No reading has come from the device for longer than it should take: its supply, its modem or the network of the operator, or the device itself. Many at one feeder are an interruption nobody has seen.',
      pt: 'Nenhuma leitura chegou do dispositivo por mais tempo que o esperado: alimentação, modem ou rede da operadora, ou o próprio dispositivo. Muitos num alimentador são uma interrupção que ninguém viu.',
    },
    consequence: {
      en: 'Voltage windows are missing and may make the week invalid; an interruption of the unit would be noticed late; what is shown of it is old.',
      pt: 'Faltam janelas de tensão, o que pode invalidar a semana; uma interrupção da unidade seria percebida tarde; o que se mostra dela está velho.',
    },
    operatorAction: {
      en: 'See how many are silent on the same feeder and transformer. Several: treat it as a possible interruption and call a consumer. One: ping it through its operator, and open a service order if it is silent tomorrow.',
      pt: 'Veja quantos estão mudos no mesmo alimentador e transformador. Vários: trate como possível interrupção e ligue para um consumidor. Um só: teste pela operadora e abra ordem de serviço se continuar mudo amanhã.',
    },
  },
  'device-offline': {
    ...{ ...usual, className: 'equipment', priority: 'low', timeToRespondMs: 8 * hourMs, explainedBy: silencedBy },
    ...{ onDelayMs: minuteMs, offDelayMs: minuteMs },
    cause: {
      en: 'The broker has lost the connection of the device and published its last will: no supply and empty battery, modem without signal, or a restart.',
      pt: 'O broker perdeu a conexão do dispositivo e publicou o aviso de desconexão dele: sem alimentação e com bateria esgotada, modem sem sinal, ou reinício.',
    },
    consequence: {
      en: 'The device cannot be operated from here and its position is the last one known. A crew must not rely on it.',
      pt: 'O dispositivo não pode ser telecomandado e a posição mostrada é a última conhecida. Nenhuma equipe deve confiar nela.',
    },
    operatorAction: {
      en: 'For a switch or recloser: have its position confirmed on site before any manoeuvre that depends on it. For a meter or an inverter: wait for it to come back, and open a service order after a day.',
      pt: 'Se for chave ou religador: confirme a posição em campo antes de manobra que dependa dela. Se for medidor ou inversor: aguarde o retorno e abra ordem de serviço depois de um dia.',
    },
  },
  'values-stuck': {
    ...{ ...usual, className: 'equipment', priority: 'low', timeToRespondMs: 2 * dayMs },
    cause: {
      en: 'The device reports the very same values again and again: a sensor that hangs, a gateway that repeats its last reading, or a transducer without input.',
      pt: 'O dispositivo informa exatamente os mesmos valores repetidas vezes: sensor travado, gateway que repete a última leitura, ou transdutor sem entrada.',
    },
    consequence: {
      en: 'Windows, energy and forecasts are calculated from a value that nobody measured; an overload or a low voltage would not be seen.',
      pt: 'Janelas, energia e previsões são calculadas com um valor que ninguém mediu; uma sobrecarga ou tensão baixa não seria vista.',
    },
    operatorAction: {
      en: 'Compare with a neighbour or with the feeder. Restart gateway or device if that can be done from here; else open a service order, and mark the measurement so that it is looked at before it is published.',
      pt: 'Compare com um vizinho ou com o alimentador. Reinicie gateway ou dispositivo se der para fazer daqui; senão abra ordem de serviço e marque a medição para conferência antes de publicar.',
    },
  },
  'quarantine-flood': {
    ...{ ...usual, className: 'platform', priority: 'low', timeToRespondMs: 4 * hourMs, offDelayMs: 10 * minuteMs },
    cause: {
      en: 'Far more messages than usual are refused: new firmware with another format, a clock that is wrong, a batch of devices not yet registered, or somebody who publishes what does not belong here.',
      pt: 'Muito mais mensagens que o normal são recusadas: firmware novo com outro formato, relógio errado, lote de dispositivos ainda sem cadastro, ou alguém publicando o que não cabe aqui.',
    },
    consequence: {
      en: 'Their readings count nowhere until they are replayed; beyond its budget only samples are kept of them.',
      pt: 'As leituras não contam em lugar nenhum até serem reprocessadas; acima do limite da quarentena guardam-se só amostras.',
    },
    operatorAction: {
      en: 'Open the quarantine and group it by reason and device. Registration missing: register, then replay. Clock or format wrong: tell telemetry engineering, who replays after the fix. An unknown sender: tell security.',
      pt: 'Abra a quarentena e agrupe por motivo e dispositivo. Falta de cadastro: cadastre e reprocesse. Relógio ou formato errado: avise a engenharia de telemetria, que reprocessa após a correção. Remetente desconhecido: avise a segurança.',
    },
  },
  'clock-skew': {
    ...{ ...usual, className: 'equipment', priority: 'low', timeToRespondMs: dayMs, offDelayMs: 10 * minuteMs },
    cause: {
      en: 'The clock of the device is wrong: never set after a change of battery, a time zone in the wrong place, or a gateway that sends what it kept for weeks.',
      pt: 'O relógio do dispositivo está errado: não ajustado após troca de bateria, fuso no lugar errado, ou um gateway que envia o que guardou por semanas.',
    },
    consequence: {
      en: 'Its readings are refused and count nowhere; an interruption that it reports would stand at the wrong hour.',
      pt: 'As leituras são recusadas e não contam em lugar nenhum; uma interrupção informada por ele ficaria na hora errada.',
    },
    operatorAction: {
      en: 'Open its entries in quarantine and see by how much the instants are wrong. Have the clock set from its head-end or in the field; readings with wrong instants are not to be replayed.',
      pt: 'Abra as entradas dele na quarentena e veja de quanto é o erro. Peça o acerto do relógio pelo sistema de coleta ou em campo; leituras com instante errado não devem ser reprocessadas.',
    },
  },
  'consumer-behind': {
    ...{ ...usual, className: 'platform', priority: 'low', timeToRespondMs: 2 * hourMs },
    ...{ onDelayMs: 2 * minuteMs, offDelayMs: 2 * minuteMs },
    cause: {
      en: 'A part of the platform that follows the readings works slower than they come in, or stands still: the database is under load, InfluxDB is away, or its node stopped with an error.',
      pt: 'Uma parte da plataforma que acompanha as leituras está mais lenta que a chegada delas, ou parada: banco de dados sobrecarregado, InfluxDB fora, ou o nó parou com erro.',
    },
    consequence: {
      en: 'Nothing is lost, but what it makes of the readings is late: forecasts, voltage windows or dashboards show the past as if it were now.',
      pt: 'Nada se perde, mas o que ela produz das leituras atrasa: previsões, janelas de tensão ou painéis mostram o passado como se fosse agora.',
    },
    operatorAction: {
      en: 'Read the age on its node and do not decide by its screens beyond that. If it grows, call platform support: load of the database, free disk, errors in the log.',
      pt: 'Leia o atraso no nó e não decida pelas telas dele além disso. Se crescer, chame o suporte da plataforma: carga do banco, disco livre, erros no log.',
    },
  },
  'feeder-overload': {
    ...{ ...usual, className: 'supply', priority: 'high', timeToRespondMs: 15 * minuteMs },
    ...{ onDelayMs: 5 * minuteMs, offDelayMs: 5 * minuteMs },
    cause: {
      en: 'The power of the feeder is above its registered limit: peak demand, load taken over from a neighbour, charging or generation all at once, or a limit that is no longer true.',
      pt: 'A potência do alimentador está acima do limite cadastrado: ponta de carga, carga recebida de um vizinho, recarga ou geração simultânea, ou um limite que não vale mais.',
    },
    consequence: {
      en: 'Conductors sag and connections age; within minutes to an hour the overcurrent protection trips and the whole feeder is out.',
      pt: 'Cabos aquecem e conexões envelhecem; em minutos a uma hora a proteção de sobrecorrente atua e desliga o alimentador inteiro.',
    },
    operatorAction: {
      en: 'Check the current per phase at the head. Give back transferred load, or transfer a block to a neighbour with margin; curtail controllable charging or generation on it. If it goes on, tell planning: the limit or the network must change.',
      pt: 'Confira a corrente por fase na saída. Devolva carga transferida, ou transfira um bloco para um vizinho com folga; limite recarga ou geração controlável nele. Se persistir, avise o planejamento: o limite ou a rede precisa mudar.',
    },
  },
}
