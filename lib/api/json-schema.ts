import { z } from 'zod';
import type { ApiTexts } from '#lib/api/texts.ts';

/*
 * Zod schemas as JSON Schema with the texts of their fields, for the OpenAPI document.
 */

export type JsonSchema = { [key: string]: unknown };

/** `schemas` collects the named ones. `closed`: a field that is not declared is an error. */
export type SchemaMaker = { texts: ApiTexts; closed: boolean; schemas: Record<string, JsonSchema> };

/** The JSON Schema of a zod schema; named ones become components. */
export function schemaOf(maker: SchemaMaker, schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const {
    $defs = {},
    $schema: _,
    ...own
  } = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => tidy(jsonSchema) });
  for (const [name, definition] of Object.entries($defs as Record<string, JsonSchema>)) {
    maker.schemas[name] ??= described(maker, name, renamed(definition));
  }
  return described(maker, null, renamed(own));
}

/** What zod says twice, or says of numbers that have no bounds. */
function tidy(schema: JsonSchema): void {
  if (schema.format === 'date-time' || schema.format === 'uuid') delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  delete schema.additionalProperties;
}

function renamed(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

/** With the texts of its fields, however deep, and closed where that is asked for. */
function described(maker: SchemaMaker, name: string | null, schema: JsonSchema): JsonSchema {
  const text = name === null ? null : maker.texts.find(`schema-${name}`);
  return { ...(text === null ? {} : { description: text }), ...visited(maker, name, schema) };
}

function visited(maker: SchemaMaker, name: string | null, value: unknown): JsonSchema {
  if (Array.isArray(value)) return value.map((item) => visited(maker, name, item)) as unknown as JsonSchema;
  if (typeof value !== 'object' || value === null) return value as unknown as JsonSchema;
  const visitedEntries = Object.entries(value).map(([key, inner]) => [
    key,
    key === 'properties' ? propertiesOf(maker, name, inner as Record<string, JsonSchema>) : visited(maker, name, inner),
  ]);
  const closing = maker.closed && 'properties' in value ? { unevaluatedProperties: false } : {};
  return { ...Object.fromEntries(visitedEntries), ...closing };
}

function propertiesOf(maker: SchemaMaker, name: string | null, properties: Record<string, JsonSchema>): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => {
      const text =
        name === null ? null : (maker.texts.find(`field-${name}-${key}`) ?? maker.texts.find(`field-${key}`));
      return [key, { ...(text === null ? {} : { description: text }), ...visited(maker, name, schema) }];
    }),
  );
}
