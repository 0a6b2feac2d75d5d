import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const programs = ['/usr/bin/mapserv', '/usr/bin/spawn-fcgi', '/usr/sbin/nginx'];
/** Debian's packages `cgi-mapserver`, `spawn-fcgi` and `nginx-light`; what is missing of them. */
export const missingForMapServer = () => programs.filter((path) => !existsSync(path));

/**
 * MapServer with vector tiles of the exact communes and of every establishment, as FastCGI behind nginx: the peer of the
 * tile benchmark. As many processes as connections ask, each keeping its database connection.
 */
export async function startMapServer(databaseUrl: string, folder: string, processes: number) {
  const { hostname, port, username, pathname } = new URL(databaseUrl);
  const connection = `host=${hostname} port=${port} user=${username} dbname=${pathname.slice(1)}`;
  const layer = (name: string, type: string, columns: string, unique: string) => `
  LAYER
    NAME "${name}" TYPE ${type} STATUS ON
    CONNECTIONTYPE POSTGIS CONNECTION "${connection}" PROCESSING "CLOSE_CONNECTION=DEFER"
    DATA "geom_mercator from (select ${columns}, geom_mercator from ${name}) as places using unique ${unique} using srid=3857"
    PROJECTION "init=epsg:3857" END
    METADATA "gml_include_items" "all" END
  END`;
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const map = file(
    'bench.map',
    `MAP
  NAME "bench" SIZE 512 512 EXTENT -20037508.34 -20037508.34 20037508.34 20037508.34
  PROJECTION "init=epsg:3857" END
  OUTPUTFORMAT NAME "mvt" DRIVER "MVT" EXTENSION "pbf" FORMATOPTION "EXTENT=4096" FORMATOPTION "EDGE_BUFFER=64" END
  ${layer('communes', 'POLYGON', 'code, name, type, terrain, simulated', 'code')}
  ${layer('establishments', 'POINT', 'id, commune_code, category, lead_agency, active_to, simulated', 'id')}
END\n`,
  );
  const config = file('mapserver.conf', 'CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n  END\nEND\n');
  const listening = await freePort();
  const sockets = Array.from({ length: processes }, (_, index) => join(folder, `mapserver-${index}.socket`));
  const nginx = file(
    'nginx.conf',
    `${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
events { worker_connections 256; }
http {
  access_log off; keepalive_requests 100000000;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  upstream mapserver { ${sockets.map((socket) => `server unix:${socket};`).join(' ')} keepalive ${processes}; }
  server {
    listen 127.0.0.1:${listening};
    location ~ ^/(\\d+)/(\\d+)/(\\d+)$ {
      fastcgi_param REQUEST_METHOD GET; fastcgi_param SCRIPT_NAME /; fastcgi_param SERVER_NAME localhost;
      fastcgi_keep_conn on; fastcgi_buffers 64 64k; fastcgi_buffer_size 64k;
      fastcgi_param QUERY_STRING map=${map}&mode=tile&tilemode=gmap&tile=$2+$3+$1&layers=all&map.imagetype=mvt;
      fastcgi_pass mapserver;
    }
  }
}\n`,
  );
  const children: ChildProcess[] = [];
  const start = (command: string, parameters: string[]) => {
    const child = spawn(command, parameters, {
      env: { ...process.env, MAPSERVER_CONFIG_FILE: config },
      stdio: 'ignore',
    });
    children.push(child);
  };
  const stop = async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGKILL'); // an idle mapserv waits for its next request before it hears SIGTERM
      await exited;
    }
  };
  for (const socket of sockets) start('/usr/bin/spawn-fcgi', ['-n', '-s', socket, '--', '/usr/bin/mapserv']);
  start('/usr/sbin/nginx', ['-c', nginx, '-p', folder, '-g', 'master_process off;']);
  const address = `http://127.0.0.1:${listening}`;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await fetch(`${address}/8/203/112`).catch(() => null);
    if (answer?.headers.get('content-type')?.includes('vector-tile')) break;
    if (attempt > 40) {
      await stop();
      throw new Error(`MapServer did not answer a tile: ${await answer?.text()}`);
    }
    await new Promise((done) => setTimeout(done, 250));
  }
  return { address, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
