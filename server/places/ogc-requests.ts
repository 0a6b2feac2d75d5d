import type { Request } from 'express';
import type { z } from 'zod';
import {
  formatQuery,
  type ItemsQuery,
  itemsParameterNames,
  itemsQuery,
  parameterHelp,
} from '../../contract/ogc.ts';
import { ogcCollections } from '../../contract/ogc-collections.ts';
import {
  communeCode,
  type PlaceCollection,
  placeCollection,
  placeCollections,
} from '../../contract/places.ts';
import { ProblemError } from '../http/problem.ts';
import type { Key } from './queries.ts';

export function askedCollection(request: Request): PlaceCollection {
  const parsed = placeCollection.safeParse(request.params.collectionId);
  if (parsed.success) return parsed.data;
  throw new ProblemError(404, 'There is no such collection', {
    where: 'path collectionId',
    detail: `"${request.params.collectionId}" is not a collection`,
    remedy: `Ask for one of ${placeCollections.join(', ')}.`,
  });
}

const noSuchFeature = (collection: PlaceCollection, id: string) =>
  new ProblemError(404, 'There is no such feature', {
    where: 'path featureId',
    detail: `${collection} has no feature "${id}"`,
    remedy:
      ogcCollections[collection].id === 'text'
        ? `Ask by the 5-digit code; /ogc/collections/${collection}/items lists them all.`
        : `Ask by a whole number; /ogc/collections/${collection}/items lists them all.`,
  });

/** The key that a text names; null where no feature of the collection could have it. */
function keyOf(collection: PlaceCollection, text: string): Key | null {
  if (ogcCollections[collection].id === 'text') return communeCode.safeParse(text).success ? text : null;
  const id = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(id) ? id : null;
}

export function askedFeature(request: Request, collection: PlaceCollection) {
  const text = String(request.params.featureId);
  const missing = noSuchFeature(collection, text);
  const key = keyOf(collection, text);
  if (key === null) throw missing;
  return { key, missing };
}

/** Opaque to clients, who take it from a link: the key of the last feature before the page. */
export const cursorAfter = (key: Key): string => Buffer.from(`after ${key}`).toString('base64url');

function keyBefore(collection: PlaceCollection, cursor: string): Key {
  const text = Buffer.from(cursor, 'base64url').toString();
  const key = text.startsWith('after ') ? keyOf(collection, text.slice('after '.length)) : null;
  if (key === null)
    throw new ProblemError(400, 'A value of the request is wrong', {
      where: 'query cursor',
      detail: `"${cursor}" was not made by this collection`,
      remedy: 'Begin without cursor and follow the "next" links as they are.',
    });
  return key;
}

export type ItemsAsked = Omit<ItemsQuery, 'cursor'> & { after: Key | null };

export function askedItems(request: Request, collection: PlaceCollection): ItemsAsked {
  const { cursor, ...query } = parsed(request, itemsQuery(collection), itemsParameterNames(collection));
  return { ...query, after: cursor === undefined ? null : keyBefore(collection, cursor) };
}

export const refuseParameters = (request: Request): void => {
  parsed(request, formatQuery, ['f']);
};

function parsed<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  allowed: readonly string[],
): z.output<Schema> {
  for (const [name, value] of Object.entries(request.query)) {
    if (typeof value === 'string' || !allowed.includes(name)) continue;
    throw wrongParameter(name, 'it is given more than once', allowed);
  }
  const result = schema.safeParse({ ...request.query });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    throw new ProblemError(400, 'There is no such parameter', {
      where: `query ${issue.keys[0]}`,
      detail: `"${issue.keys.join('", "')}" is not among the parameters of this address`,
      remedy: `Allowed: ${allowed.join(', ')}.`,
    });
  }
  throw wrongParameter(String(issue.path[0] ?? ''), issue.message, allowed);
}

function wrongParameter(name: string, detail: string, allowed: readonly string[]): ProblemError {
  const help = (parameterHelp as Record<string, string>)[name];
  return new ProblemError(400, 'A value of the request is wrong', {
    where: `query ${name}`,
    detail: `${name}: ${detail}`,
    remedy: help ?? `Correct the value, or leave it out. Allowed parameters: ${allowed.join(', ')}.`,
  });
}
