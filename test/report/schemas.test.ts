/** The JSON Schemas that users hold their documents against, made from what the program writes by. */
import { expect, test } from "vitest";
import { z } from "zod";
import { scenarioSchema } from "#expected/scenario-files/scenario-schema.js";
import { doctorDocument } from "#report/doctor-schema.js";
import { flowsDocument, flowsLine } from "#report/flows-schema.js";
import { predictionSchema } from "#report/prediction-schema.js";
import { reportLine } from "#report/verdict-line-schema.js";
import { reportSchema } from "#report/verdict-schema.js";

// Run `npx vitest -u` to write the files again after a change of a schema.
test.each([
  ["pcapcheck.doctor.v1.schema.json", doctorDocument],
  ["pcapcheck.flows.v1.schema.json", flowsDocument],
  ["pcapcheck.flows-line.v1.schema.json", flowsLine],
  ["pcapcheck.prediction.v1.schema.json", predictionSchema],
  ["pcapcheck.report.v1.schema.json", reportSchema],
  ["pcapcheck.report-line.v1.schema.json", reportLine],
  ["pcapcheck.scenario.v1.schema.json", scenarioSchema],
])("docs/schema/%s is what the program writes by", async (name, schema) => {
  const json = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    // The reader's side: objects stay open, for new keys may come within a version.
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  await expect(`${JSON.stringify(json, null, 2)}\n`).toMatchFileSnapshot(
    `../../docs/schema/${name}`,
  );
});
