/** Why a payload was kept out of the readings: a closed list, shown to people in both languages. */
export const reasons = {
  bad_topic: { en: 'Topic is not one of the field contract', pt: 'Tópico fora do contrato de campo' },
  payload_too_large: { en: 'Payload too large', pt: 'Mensagem grande demais' },
  bad_json: { en: 'Not valid JSON', pt: 'JSON inválido' },
  bad_shape: { en: 'Neither an object nor an array of objects', pt: 'Nem objeto nem lista de objetos' },
  too_many_items: { en: 'Too many items in one payload', pt: 'Itens demais em uma mensagem' },
  missing_field: { en: 'A required field is missing', pt: 'Falta um campo obrigatório' },
  bad_value: { en: 'A field has the wrong type or form', pt: 'Campo com tipo ou forma inválida' },
  out_of_range: { en: 'A value is out of range', pt: 'Valor fora da faixa' },
  topic_mismatch: { en: 'Topic and body name different devices', pt: 'Tópico e corpo citam dispositivos diferentes' },
  bad_timestamp: { en: 'Timestamp unreadable or without offset', pt: 'Data e hora ilegíveis ou sem fuso' },
  too_far_ahead: { en: 'Timestamp too far ahead', pt: 'Data e hora adiantadas demais' },
  too_old: { en: 'Timestamp too old', pt: 'Data e hora antigas demais' },
  implausible: { en: 'Values contradict each other', pt: 'Valores se contradizem' },
  conflicting_duplicate: { en: 'Same instant, other values', pt: 'Mesmo instante, outros valores' },
  unknown_device: { en: 'Device is not registered', pt: 'Dispositivo não cadastrado' },
  awaiting_approval: { en: 'Device awaits approval', pt: 'Dispositivo aguarda aprovação' },
  device_rejected: { en: 'Device was rejected', pt: 'Dispositivo foi recusado' },
  kind_mismatch: { en: 'Device is registered as another kind', pt: 'Dispositivo cadastrado como outro tipo' },
  registration_limit: { en: 'Too many new devices at once', pt: 'Dispositivos novos demais de uma vez' },
  bad_payload: { en: 'Sparkplug payload cannot be read', pt: 'Mensagem Sparkplug ilegível' },
  not_born: { en: 'No Sparkplug birth announced it', pt: 'Nenhum nascimento Sparkplug a anunciou' },
  sequence_gap: { en: 'Sparkplug messages before it are missing', pt: 'Faltam mensagens Sparkplug anteriores' },
  not_mapped: { en: 'No mapping says what it measures', pt: 'Nenhum mapeamento diz o que ele mede' },
  storage_refused: { en: 'The database refused it', pt: 'O banco de dados recusou' },
} as const

export type Reason = keyof typeof reasons

export const isReason = (text: string): text is Reason => Object.hasOwn(reasons, text)

/**
 * What was kept out, with all that is needed to look at it and to replay it. `detail` names the field and the value.
 * `payload` is the text of the one object concerned, or the whole message where it could not be taken apart.
 */
export interface Rejected {
  topic: string
  payload: string | Uint8Array
  reason: Reason
  detail: string
  receivedAt: number
  deviceId?: string
}
