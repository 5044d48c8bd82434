/**
 * In place of the document that the OpenADR Alliance publishes, which is not part of this project: one that is built as that is, with
 * fewer fields.
 */
export const publishedDocument = `
openapi: 3.0.0
info: { title: In place of the published one, version: 3.1.0 }
paths: {}
components:
  schemas:
    id: { type: string, pattern: '^[a-zA-Z0-9_-]+$', maxLength: 128 }
    instant: { type: string, format: date-time, example: 2026-01-01T00:00:00Z }
    metadata:
      type: object
      required: [id, createdDateTime, modificationDateTime, objectType]
      properties:
        id: { $ref: '#/components/schemas/id' }
        createdDateTime: { $ref: '#/components/schemas/instant' }
        modificationDateTime: { $ref: '#/components/schemas/instant' }
        objectType: { type: string }
    eventRequest:
      type: object
      required: [programID]
      properties:
        programID: { $ref: '#/components/schemas/id' }
        eventName: { type: string, nullable: true }
        priority: { type: integer, format: int32, minimum: 0, nullable: true }
        intervals:
          type: array
          items: { type: object, required: [id, payloads], properties: { id: { type: integer } } }
    reportRequest:
      type: object
      required: [eventID, clientName, resources]
      properties:
        eventID: { $ref: '#/components/schemas/id' }
        clientName: { type: string, maxLength: 128 }
    event: { allOf: [{ $ref: '#/components/schemas/metadata' }, { $ref: '#/components/schemas/eventRequest' }] }
    program:
      allOf:
        - { $ref: '#/components/schemas/metadata' }
        - { type: object, required: [programName], properties: { programName: { type: string, maxLength: 128 } } }
    report: { allOf: [{ $ref: '#/components/schemas/metadata' }, { $ref: '#/components/schemas/reportRequest' }] }
`
