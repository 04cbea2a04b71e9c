/** `npm run build`: the web application's bundle. */
import { buildWeb } from './web-bundle.ts';

buildWeb();
