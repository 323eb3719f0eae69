# Licensed under the Apache License, Version 2.0. See http://www.apache.org/licenses/LICENSE-2.0
"""Makes this folder's model: a small BERT encoder, pretrained by masked language modelling on the text of corpus.py.

The token embeddings start from the corpus' co-occurrence counts (a truncated SVD of the positive pointwise mutual
information), which saves most of the steps that masked language modelling from noise would need on a CPU. After that
the only objective is to guess the masked tokens. No label takes part in either.

Needs torch, transformers, tokenizers and onnx. Writes tokenizer.json (unless it is there already), config.json,
model.onnx and model.properties.

    python pretrain.py [--steps 2000] [--threads 1] [--out .]
"""
import argparse
import hashlib
import pathlib
import random
import time
import warnings

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertForMaskedLM, BertModel

import corpus

SEED = 7
HELD_OUT = 1_000
VOCABULARY = 2_000
BATCH = 32
MASKED = 0.3
PEAK_RATE = 1e-3
COUNTED = 40_000
EMBEDDING_SCALE = 0.06
MAX_LENGTH = 128
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def make_tokenizer(texts):
    """A lower-case WordPiece tokenizer that puts a text between [CLS] and [SEP]."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    letters = list("abcdefghijklmnopqrstuvwxyz0123456789") + list(".,:;?!'\"-()$%&/+@#")
    trainer = trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=SPECIAL, initial_alphabet=letters,
                                        show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    ids = {token: tokenizer.token_to_id(token) for token in SPECIAL}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])])
    return tokenizer


def batches(rows, rng, size):
    """Batches of rows of about one length, in random order, for ever."""
    while True:
        rng.shuffle(rows)
        for start in range(0, len(rows) - size * 32 + 1, size * 32):
            pool = sorted(rows[start:start + size * 32], key=len)
            chunks = [pool[at:at + size] for at in range(0, len(pool), size)]
            rng.shuffle(chunks)
            yield from chunks


def pad(rows):
    width = max(map(len, rows))
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    for at, row in enumerate(rows):
        ids[at, :len(row)] = torch.tensor(row)
    return ids, (ids != 0).long()


def mask(ids, vocabulary, generator):
    """BERT's recipe: of the chosen tokens 80 % become [MASK], 10 % any token, 10 % stay."""
    chosen = (torch.rand(ids.shape, generator=generator) < MASKED) & (ids >= len(SPECIAL))
    dice = torch.rand(ids.shape, generator=generator)
    noisy = ids.clone()
    noisy[chosen & (dice < 0.8)] = SPECIAL.index("[MASK]")
    swap = chosen & (dice >= 0.9)
    noisy[swap] = torch.randint(len(SPECIAL), vocabulary, (int(swap.sum()),), generator=generator)
    return noisy, chosen


def start_embeddings(weight, rows):
    """Sets the rows of the tokens that share a document with others: PPMI of the counts, truncated SVD, one length."""
    vocabulary, width = weight.shape
    together = torch.zeros(vocabulary, vocabulary)
    for at in range(0, len(rows), 4000):
        block = rows[at:at + 4000]
        present = torch.zeros(len(block), vocabulary)
        for line, row in enumerate(block):
            present[line, row] = 1
        together += present.T @ present
    together[:len(SPECIAL)] = 0
    together[:, :len(SPECIAL)] = 0
    together.fill_diagonal_(0)
    count = together.sum(1, keepdim=True)
    information = (together * together.sum() / (count @ count.T).clamp(min=1) + 1e-9).log().clamp(min=0)
    u, values, _ = torch.svd_lowrank(information, q=width, niter=4)
    vectors = torch.nn.functional.normalize(u * values.sqrt(), dim=1) * EMBEDDING_SCALE * width ** 0.5
    known = count[:, 0] > 0
    with torch.no_grad():
        weight[known] = vectors[known]


def masked_loss(model, ids, attention, generator):
    noisy, chosen = mask(ids, model.config.vocab_size, generator)
    hidden = model.bert(input_ids=noisy, attention_mask=attention).last_hidden_state
    return torch.nn.functional.cross_entropy(model.cls(hidden[chosen]), ids[chosen])


def evaluate(model, rows):
    model.eval()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        losses = [masked_loss(model, *pad(rows[at:at + 200]), generator).item() for at in range(0, len(rows), 200)]
    model.train()
    return sum(losses) / len(losses)


class Encoder(BertModel):
    """BertModel with the three inputs and the one output that the ONNX file has.

    The mask is spelled out, which keeps the library's general mask code, some eighty nodes, out of the graph."""

    def forward(self, input_ids, attention_mask, token_type_ids):
        seen = attention_mask[:, None, None, :].to(torch.float32)
        return super().forward(input_ids=input_ids, attention_mask=(1.0 - seen) * torch.finfo(torch.float32).min,
                               token_type_ids=token_type_ids).last_hidden_state


def export(encoder, path):
    """The TorchScript exporter keeps the modules' names in the nodes' names."""
    ids = torch.randint(len(SPECIAL), 100, (2, 9))
    attention = torch.ones_like(ids)
    attention[1, 6:] = 0
    inputs, outputs = ["input_ids", "attention_mask", "token_type_ids"], ["last_hidden_state"]
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    torch.onnx.export(encoder, (ids, attention, torch.zeros_like(ids)), str(path), input_names=inputs,
                      output_names=outputs, opset_version=17, dynamo=False,
                      dynamic_axes={name: {0: "batch", 1: "sequence"} for name in inputs + outputs})


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--steps", type=int, default=2000)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--weights", help="also saves the encoder's torch state here")
    options.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent)
    options = options.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    rng, generator = random.Random(SEED), torch.Generator().manual_seed(SEED)

    texts = list(corpus.documents())
    fixed = pathlib.Path(__file__).resolve().parent / "tokenizer.json"
    # the trainer numbers equally frequent pieces differently in each process, so an existing vocabulary is kept
    tokenizer = Tokenizer.from_file(str(fixed)) if fixed.exists() else make_tokenizer(texts)
    tokenizer.save(str(options.out / "tokenizer.json"))
    rows = [encoding.ids[:MAX_LENGTH] for encoding in tokenizer.encode_batch(texts)]
    held, rows = rows[:HELD_OUT], rows[HELD_OUT:]
    print("%d documents, %d tokens, vocabulary %d" % (len(texts), sum(map(len, rows)), tokenizer.get_vocab_size()))

    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=128, num_hidden_layers=3,
                        num_attention_heads=4, intermediate_size=512, max_position_embeddings=MAX_LENGTH,
                        type_vocab_size=2, pad_token_id=0, attn_implementation="sdpa")
    model = BertForMaskedLM(config).train()
    start_embeddings(model.bert.embeddings.word_embeddings.weight, rows[:COUNTED])
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0  # the text is generated, nothing to overfit; the saved config keeps 0.1
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, weight_decay=0.01)
    warm = max(1, options.steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (options.steps - step) / max(1, options.steps - warm)))
    begin, seen = time.time(), 0
    stream = batches(rows, rng, BATCH)
    for step in range(options.steps + 1):
        if step % 250 == 0 or step == options.steps:
            print("step %d  held-out loss %.4f  tokens %.1f M  %.0f s"
                  % (step, evaluate(model, held), seen / 1e6, time.time() - begin), flush=True)
        if step == options.steps:
            break
        ids, attention = pad(next(stream))
        seen += int(attention.sum())
        loss = masked_loss(model, ids, attention, generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()

    config._attn_implementation = "eager"
    encoder = Encoder(config, add_pooling_layer=False).eval()
    encoder.load_state_dict(model.bert.state_dict())
    if options.weights:
        torch.save(encoder.state_dict(), options.weights)
    describe(encoder, options.out)


def describe(encoder, out):
    """Writes config.json, model.onnx and model.properties."""
    export(encoder, out / "model.onnx")
    config = encoder.config
    config.architectures = ["BertModel"]
    config.to_json_file(str(out / "config.json"))
    keys = {
        "name": "mini-encoder",
        "file": "model.onnx",
        "sha256": hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "parameters": sum(weight.numel() for weight in encoder.parameters()),
        "hidden": config.hidden_size,
        "layers": config.num_hidden_layers,
        "heads": config.num_attention_heads,
        "vocabulary": config.vocab_size,
        "max_length": config.max_position_embeddings,
    }
    (out / "model.properties").write_text("".join("%s=%s\n" % entry for entry in keys.items()), encoding="utf-8")


if __name__ == "__main__":
    main()
