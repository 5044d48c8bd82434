import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { usual, type DefaultEntry } from './default-entry.ts'
import { dayMs, hourMs } from './durations.ts'

/** Alarms of the voltage at consumer units. */
export const voltageDefaults: Readonly<Record<KindOf<'voltage'>, DefaultEntry>> = {
  'drp-budget': {
    ...{ ...usual, className: 'quality', priority: 'low', timeToRespondMs: 2 * dayMs },
    cause: {
      en: 'The voltage at the meter is outside the adequate band for too many 10-minute windows: a tap of the distribution transformer that does not fit the load, a long or thin low-voltage circuit, phases out of balance, or solar generation at noon.',
      pt: 'A tensão no medidor fica fora da faixa adequada em janelas de 10 minutos demais: TAP do transformador de distribuição inadequado à carga, circuito de baixa tensão longo ou de bitola fina, fases desequilibradas ou geração solar ao meio-dia.',
    },
    consequence: {
      en: 'DRP goes beyond 3 % of the 1,008 windows: the consumer is compensated each month until the voltage is regular again, and the unit counts in the indicators of the distributor.',
      pt: 'O DRP passa de 3 % das 1.008 janelas: o consumidor é compensado todo mês até a tensão ser regularizada, e a unidade entra nos indicadores da distribuidora.',
    },
    operatorAction: {
      en: 'Compare the neighbours on the same transformer. If all are low or high, ask for the tap or the set point of the upstream regulator to be changed; if it is one, open a service order for connection and balance. Leave the measurement running: a valid week counts either way.',
      pt: 'Compare os vizinhos do mesmo transformador. Se todos estiverem baixos ou altos, peça a troca do TAP ou o ajuste do regulador a montante; se for um só, abra ordem de serviço para conexão e equilíbrio de fases. Não interrompa a medição: a semana válida conta de qualquer forma.',
    },
  },
  'drc-budget': {
    ...{ ...usual, className: 'quality', priority: 'medium', timeToRespondMs: 8 * hourMs },
    cause: {
      en: 'The voltage at the meter is in the critical band: a bad neutral or connection, a regulator or capacitor bank stuck, a feeder run from the far end after a transfer, or an overloaded transformer.',
      pt: 'A tensão no medidor está na faixa crítica: neutro ou conexão com defeito, regulador ou banco de capacitores travado, alimentador suprido pela outra ponta depois de uma transferência, ou transformador sobrecarregado.',
    },
    consequence: {
      en: 'Appliances of the consumer may be damaged and are claimed back; DRC goes beyond 0.5 % after six windows, and its compensation weighs more than that of DRP.',
      pt: 'Aparelhos do consumidor podem queimar e gerar pedido de ressarcimento; o DRC passa de 0,5 % com seis janelas, e a compensação pesa mais que a do DRP.',
    },
    operatorAction: {
      en: 'See whether the feeder is in its normal configuration and its regulators and capacitors answer; undo a transfer that is no longer needed. If one phase of one unit is off, send a crew today: a broken neutral is a danger to people.',
      pt: 'Verifique se o alimentador está na configuração normal e se reguladores e capacitores respondem; desfaça transferência que não é mais necessária. Se for uma fase de uma unidade, mande equipe hoje: neutro rompido é perigo para pessoas.',
    },
  },
}
