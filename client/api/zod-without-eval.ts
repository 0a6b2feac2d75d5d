import { z } from 'zod';

// zod tries whether it may compile schemas with `new Function`; the Content-Security-Policy forbids that, and the try
// alone is reported as a violation. Schemas ask when they are made, so this has to be imported before any contract.
z.config({ jitless: true });
