/** The objects of what `kubectl get … -o json` or `-o yaml` printed: a List, or one object. */
import { KubeField } from "./kube-field.js";
import { KUBE_CONFIG_MAPS, KUBE_KINDS } from "./kube-kinds.js";
import { kubeDocuments } from "./kube-text.js";

export interface KubeObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly field: KubeField;
}

/** @throws KubeFault with the place or path of what is wrong. */
export function* kubeObjects(text: string): Generator<KubeObject> {
  for (const { value, path } of kubeDocuments(text)) {
    yield* objectsOf(new KubeField(value, undefined, path), undefined);
  }
}

/** `PodList`, as the API server itself answers, leaves out what kind its items are. */
function objectsOf(field: KubeField, kindOfItems: string | undefined): readonly KubeObject[] {
  const { text } = field.at("kind");
  const kind = text === undefined || text === "" ? kindOfItems : text;
  if (kind === undefined) throw field.at("kind").fault("the kind of an object");
  if (kind.endsWith("List")) {
    const itemKind = kind === "List" ? undefined : kind.slice(0, -"List".length);
    return field.at("items").list.flatMap((item) => objectsOf(item, itemKind));
  }
  if (!KUBE_KINDS.has(kind)) return [];
  const metadata = field.at("metadata");
  const name = metadata.at("name");
  const named = name.needed(name.text, "the name of the object");
  if (kind === "ConfigMap" && !KUBE_CONFIG_MAPS.has(named)) return [];
  return [{ kind, namespace: metadata.at("namespace").text ?? "", name: named, field }];
}

/** `namespace/name`. */
export function fullName({ namespace, name }: Pick<KubeObject, "namespace" | "name">): string {
  return `${namespace === "" ? "default" : namespace}/${name}`;
}
