/* Chases pointers through a shuffled list, and looks keys up in a hash table. */
#include <stdio.h>
#include <stdlib.h>

struct node {
    struct node *next;
    unsigned long key, value;
};

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 10;
    int count = 20000;
    struct node **nodes = malloc(count * sizeof *nodes), *table[1024] = {0};
    unsigned long x = 1, sum = 0;
    for (int i = 0; i < count; i++) {
        nodes[i] = malloc(sizeof **nodes);
        x = x * 6364136223846793005UL + 1;
        nodes[i]->key = x >> 20;
        nodes[i]->value = i;
    }
    for (int i = count - 1; i > 0; i--) {
        x = x * 6364136223846793005UL + 1;
        int j = (x >> 33) % (i + 1);
        struct node *t = nodes[i];
        nodes[i] = nodes[j];
        nodes[j] = t;
    }
    for (int i = 0; i < count; i++)
        nodes[i]->next = nodes[(i + 1) % count];
    struct node *p = nodes[0];
    for (long i = 0; i < n; i++)
        for (int j = 0; j < count; j++) {
            sum += p->value ^ i;
            p = p->next;
        }
    for (int i = 0; i < 4000; i++) {
        nodes[i]->next = table[nodes[i]->key & 1023];
        table[nodes[i]->key & 1023] = nodes[i];
    }
    for (long i = 0; i < n; i++)
        for (int j = 0; j < 4000; j++) {
            unsigned long key = nodes[j]->key;
            struct node *q = table[key & 1023];
            while (q && q->key != key)
                q = q->next;
            sum += q->value;
        }
    printf("%lu\n", sum);
    return 0;
}
