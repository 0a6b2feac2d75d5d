import { z } from 'zod';
import {
  crs84,
  defaultLimit,
  greatestLimit,
  parameterHelp,
  placeItems,
  singlePlace,
} from '../../contract/ogc.ts';
import { type OgcCollection, ogcCollections } from '../../contract/ogc-collections.ts';
import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import { problem } from '../../contract/problem.ts';
import { geoJson, json, openApiJson, schemaJson } from './ogc-documents.ts';
import type { Category } from './queries.ts';

type Schema = Record<string, unknown>;

function jsonSchema(schema: z.ZodType, target: 'openapi-3.0' | 'draft-2020-12' = 'openapi-3.0'): Schema {
  return z.toJSONSchema(schema, {
    target,
    io: 'input',
    override: ({ jsonSchema: made }) => {
      // `format` says it; the pattern spells out leap years over 300 characters
      if (made.format === 'date' || made.format === 'date-time') delete made.pattern;
      // OpenAPI 3.0.3: a nullable enumeration has null among its values
      if ((made as Schema).nullable && made.enum) made.enum = [...made.enum, null];
      // and it heeds `nullable` only beside a type
      if ((made as Schema).nullable && made.anyOf) {
        delete (made as Schema).nullable;
        const nothing: Schema = { type: 'object', nullable: true, enum: [null] };
        made.anyOf = [...made.anyOf, nothing as (typeof made.anyOf)[number]];
      }
      if (made.maximum === Number.MAX_SAFE_INTEGER) delete made.maximum;
      if (made.minimum === Number.MIN_SAFE_INTEGER) delete made.minimum;
    },
  }) as Schema;
}

const queryParameter = (name: keyof typeof parameterHelp, schema: Schema, more: Schema = {}) => ({
  name,
  in: 'query',
  required: false,
  description: parameterHelp[name],
  schema,
  style: 'form',
  explode: false,
  ...more,
});

// GDAL and QGIS read `limit` here, by this name, to choose the size of their pages.
const parameters = {
  f: queryParameter('f', { type: 'string', enum: ['json', 'geojson'] }),
  limit: queryParameter('limit', {
    type: 'integer',
    minimum: 1,
    maximum: greatestLimit,
    default: defaultLimit,
  }),
  bbox: queryParameter('bbox', { type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } }),
  'bbox-crs': queryParameter('bbox-crs', { type: 'string', format: 'uri', enum: [crs84], default: crs84 }),
  datetime: queryParameter('datetime', { type: 'string' }),
  properties: queryParameter('properties', { type: 'array', items: { type: 'string' } }),
  skipGeometry: queryParameter('skipGeometry', { type: 'boolean', default: false }),
  cursor: queryParameter('cursor', { type: 'string' }),
};

const reference = (part: string, name: string) => ({ $ref: `#/components/${part}/${name}` });

/** A parameter's schema: its filter's form, and the title and words of the property it filters by. */
function filterSchema(definition: OgcCollection, name: string): Schema {
  const property = definition.properties.shape[name] as z.ZodType;
  const { title, description } = property.meta() ?? {};
  const value: Schema = jsonSchema(definition.filters[name]!);
  if (Array.isArray(value.enum) && value.enum.join() === 'true,false')
    return { title, description, type: 'boolean' };
  return { title, description, ...value };
}

const filterParameters = (definition: OgcCollection) =>
  Object.keys(definition.filters).map((name) => {
    const { title, description, ...schema } = filterSchema(definition, name);
    return {
      name,
      in: 'query',
      required: false,
      description: `${title} · ${description}. Only features whose value equals this one${
        name === 'adjoining_provinces' ? ' (one of them, where there are several)' : ''
      }.`,
      schema,
      style: 'form',
      explode: false,
    };
  });

const answer = (description: string, type: string, schema: Schema) => ({
  200: { description, content: { [type]: { schema } } },
  304: { description: 'The asker holds this version already (If-None-Match).' },
  400: reference('responses', 'WrongRequest'),
  503: reference('responses', 'DatabaseAway'),
});
const notFound = { 404: reference('responses', 'NotFound') };
const get = (operationId: string, summary: string, tags: string[], more: Schema) => ({
  get: { operationId, summary, tags, ...more },
});
const onlyFormat = { parameters: [reference('parameters', 'f')] };

function collectionPaths(name: PlaceCollection) {
  const definition: OgcCollection = ogcCollections[name];
  const { title, id } = definition;
  const tags = [name];
  const feature = { ...jsonSchema(singlePlace(name)) };
  return {
    [`/collections/${name}`]: get(`describe-${name}`, `${title}: extent and links`, tags, {
      ...onlyFormat,
      responses: answer('The collection', json, reference('schemas', 'Collection')),
    }),
    [`/collections/${name}/queryables`]: get(`queryables-${name}`, `${title}: what to filter by`, tags, {
      ...onlyFormat,
      responses: answer('A JSON schema of the filters', schemaJson, { type: 'object' }),
    }),
    [`/collections/${name}/schema`]: get(`schema-${name}`, `${title}: what a feature holds`, tags, {
      ...onlyFormat,
      responses: answer('A JSON schema of a feature', schemaJson, { type: 'object' }),
    }),
    [`/collections/${name}/items`]: get(`list-${name}`, `${title}: features, a page at a time`, tags, {
      description: definition.description,
      parameters: [
        ...Object.keys(parameters).map((parameter) => reference('parameters', parameter)),
        ...filterParameters(definition),
      ],
      responses: answer('A page of features', geoJson, jsonSchema(placeItems(name))),
    }),
    [`/collections/${name}/items/{featureId}`]: get(`read-${name}`, `${title}: one feature`, tags, {
      parameters: [
        {
          name: 'featureId',
          in: 'path',
          required: true,
          description: id === 'text' ? 'The 5-digit code' : 'The id of the feature',
          schema: id === 'text' ? { type: 'string' } : { type: 'integer' },
        },
        reference('parameters', 'f'),
      ],
      responses: { ...answer('The feature', geoJson, feature), ...notFound },
    }),
  };
}

const arrayOf = (items: Schema) => ({ type: 'array', items });
const textSchema = { type: 'string' };

/** The OpenAPI 3.0 document of /ogc, made of the definitions that the requests are parsed by. */
export function openApiDocument(root: string) {
  const described = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: reference('schemas', 'Problem') } },
  });
  const links = arrayOf(reference('schemas', 'Link'));
  return {
    openapi: '3.0.3',
    info: {
      title: 'Địa bàn: places',
      version: '1.0.0',
      description:
        'OGC API – Features 1.0 (Core, OpenAPI 3.0, GeoJSON) over the places of the prevention programme, in longitude and latitude (CRS84). No parameter outside this document is taken. Simulated places say so in "simulated".',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: root }],
    tags: [
      { name: 'api', description: 'The API itself' },
      ...placeCollections.map((name) => ({ name, description: ogcCollections[name].description })),
    ],
    paths: {
      '/': get('landing', 'Landing page', ['api'], {
        ...onlyFormat,
        responses: answer('Links to all else', json, {
          type: 'object',
          required: ['links'],
          properties: { title: textSchema, description: textSchema, links },
        }),
      }),
      '/conformance': get('conformance', 'Standards that the API keeps', ['api'], {
        ...onlyFormat,
        responses: answer('Addresses of conformance classes', json, {
          type: 'object',
          required: ['conformsTo'],
          properties: { conformsTo: arrayOf(textSchema) },
        }),
      }),
      '/api': get('api', 'This document', ['api'], {
        ...onlyFormat,
        responses: answer('The OpenAPI document', openApiJson, { type: 'object' }),
      }),
      '/collections': get('collections', 'The collections', ['api'], {
        ...onlyFormat,
        responses: answer('The collections with their extents', json, {
          type: 'object',
          required: ['links', 'collections'],
          properties: { links, collections: arrayOf(reference('schemas', 'Collection')) },
        }),
      }),
      ...Object.assign({}, ...placeCollections.map(collectionPaths)),
    },
    components: {
      parameters,
      responses: {
        WrongRequest: described(
          'A parameter is wrong or unknown; "where" names it and "remedy" says what to do.',
        ),
        NotFound: described('There is no such collection or feature.'),
        DatabaseAway: described('The database cannot be reached now.'),
      },
      schemas: {
        Problem: jsonSchema(problem),
        Link: {
          type: 'object',
          required: ['href', 'rel'],
          properties: { href: textSchema, rel: textSchema, type: textSchema, title: textSchema },
        },
        Collection: {
          type: 'object',
          required: ['id', 'links'],
          properties: {
            id: textSchema,
            title: textSchema,
            description: textSchema,
            itemType: textSchema,
            crs: arrayOf(textSchema),
            extent: { type: 'object' },
            itemCount: { type: 'integer' },
            simulated: { type: 'boolean' },
            links,
          },
        },
      },
    },
  };
}

/** OGC API – Features Part 3, queryables: every filter of a collection, and nothing else. */
export function queryablesDocument(root: string, name: PlaceCollection, categories: readonly Category[]) {
  const definition: OgcCollection = ogcCollections[name];
  const named = Object.keys(definition.filters).map((filter): [string, Schema] => {
    const schema = filterSchema(definition, filter);
    return filter === 'category'
      ? [
          filter,
          {
            ...schema,
            oneOf: categories.map(({ code, name_vi, name_en }) => ({
              const: code,
              title: name_vi,
              description: name_en,
            })),
          },
        ]
      : [filter, schema];
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${root}/collections/${name}/queryables`,
    title: definition.title,
    type: 'object',
    properties: Object.fromEntries(named),
    additionalProperties: false,
  };
}

/**
 * The schema of a collection's features. A type is that of the values on record; null, which stands for what is not on
 * record, is told by `nullable` as in OpenAPI 3.0, because GDAL takes a field whose type is a list for text.
 */
export function schemaDocument(root: string, name: PlaceCollection) {
  const { title, description, properties, geometryTypes, id }: OgcCollection = ogcCollections[name];
  const [only, ...others] = geometryTypes;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${root}/collections/${name}/schema`,
    title,
    description,
    type: 'object',
    properties: {
      type: { type: 'string', enum: ['Feature'] },
      id: { type: id === 'text' ? 'string' : 'integer' },
      geometry: {
        $ref: `https://geojson.org/schema/${others.length ? 'Geometry' : only}.json`,
      },
      properties: jsonSchema(properties),
    },
  };
}
