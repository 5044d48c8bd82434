import type { NextFunction, Request, RequestHandler, Response } from 'express'

/** Stricter than for others: these pages need nothing inline, and nobody shall frame a login. */
const policy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
].join('; ')

export function sendPage(response: Response, page: string, status = 200): void {
  response
    .status(status)
    .set('Content-Security-Policy', policy)
    .set('Cache-Control', 'no-store')
    .set('Vary', 'Accept-Language, Cookie')
    .type('html')
    .send(page)
}

/** To another page of ours, or the provider's; asked for with GET whatever this was asked with. */
export function redirect(response: Response, to: string): void {
  response.set('Cache-Control', 'no-store').redirect(303, to)
}

/** A handler whose failure goes where Express handles failures; left to itself it would end the process. */
export const answering =
  (handle: (request: Request, response: Response, next: NextFunction) => Promise<void>): RequestHandler =>
  (request, response, next) =>
    void handle(request, response, next).catch(next)
