// Worker threads do not inherit the loader that runs TypeScript as it stands: each registers it, then takes the tasks.
import { register } from 'tsx/esm/api';

register();
export const { perform } = await import('./worker.ts');
