import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * What a browser is told of every answer. Nothing is fetched from another host: no CDN, tiles, fonts or glyphs. MapLibre
 * draws in a worker served from here and makes images from blobs; Mantine and MapLibre set style attributes, which is why
 * inline styles are let in (inline scripts are not).
 */
export function securityHeaders(baseUrl: string): RequestHandler {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // no attribute such as onclick, even where a script of ours were to write one
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        manifestSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Where the server is reached over TLS, also through a proxy that speaks it, browsers stay with it for half a year. Over
    // plain HTTP, as on loopback, the header would mean nothing.
    strictTransportSecurity: baseUrl.startsWith('https:')
      ? { maxAge: 180 * 86_400, includeSubDomains: false }
      : false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // it would keep the report's own preview from showing images of blobs in some browsers, and isolates nothing that is used
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  return (request, response, next) => {
    response.setHeader('Permissions-Policy', nothingPermitted);
    protect(request, response, next);
  };
}

// What a page may ask of the machine: nothing but to put a text on the clipboard, and its own full screen for briefings.
const nothingPermitted = [
  ...[
    'accelerometer',
    'autoplay',
    'camera',
    'display-capture',
    'geolocation',
    'gyroscope',
    'hid',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'publickey-credentials-get',
    'serial',
    'usb',
    'xr-spatial-tracking',
  ].map((feature) => `${feature}=()`),
  'clipboard-write=(self)',
  'fullscreen=(self)',
].join(', ');
